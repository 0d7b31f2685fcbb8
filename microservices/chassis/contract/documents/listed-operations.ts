import type { Resolve } from '../schema/example.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import type { OpenApiDocument } from './open-api.ts';

/** Who may call, from few to many. */
export const AUDIENCES = ['keys', 'customers', 'anybody'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** An operation as it stands in a document, read back for showing it. */
export interface Listed {
  method: string;
  path: string;
  operationId: string;
  summary: string;
  description: string;
  scope: string;
  audience: Audience;
  idempotent: boolean;
  parameters: { name: string; in: string; required: boolean; schema: JsonSchema; description?: string }[];
  body?: { mediaType: string; schema: JsonSchema };
  responses: { status: string; description: string; mediaType?: string; schema?: JsonSchema }[];
}

/** Looks a local reference up in a document. */
export const documentLookup =
  (document: object): Resolve =>
  (reference) =>
    reference
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], document) as JsonSchema;

/** The domains of a document, each with its operations. */
export const domainsOf = (document: OpenApiDocument) => {
  const operations = listOperations(document);
  const byDomain = Map.groupBy(operations, ({ operationId }) => operationId.split('.')[0] ?? '');
  return [...byDomain].map(([domain, those]) => {
    const tag = document.tags?.find(({ name }) => name === those[0]?.tag);
    return { domain, title: tag?.name ?? domain, description: tag?.description ?? '', operations: those };
  });
};

/** Every operation of a document. */
export const listOperations = (document: OpenApiDocument): (Listed & { tag?: string })[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item?.[method];
      return operation ? [listed(path, method, operation as unknown as RawOperation, documentLookup(document))] : [];
    }),
  );

/** The parts of an operation object that openApiOf writes. */
interface RawOperation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: (Listed['parameters'][number] & { $ref?: string })[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, RawResponse>;
}

interface RawResponse {
  $ref?: string;
  description?: string;
  content?: Record<string, { schema: JsonSchema }>;
}

const listed = (path: string, method: string, raw: RawOperation, resolve: Resolve): Listed & { tag?: string } => {
  const [body] = Object.entries(raw.requestBody?.content ?? {});
  return {
    method,
    path,
    operationId: raw.operationId,
    summary: raw.summary,
    description: raw.description,
    tag: raw.tags[0],
    scope: raw.security.find(({ apiKey }) => apiKey)?.['apiKey']?.[0] ?? '',
    audience: audienceOf(raw.security),
    idempotent: raw.parameters?.some(({ $ref }) => $ref?.endsWith('/IdempotencyKey')) ?? false,
    parameters: raw.parameters?.filter(({ $ref }) => $ref === undefined) ?? [],
    ...(body ? { body: { mediaType: body[0], schema: body[1].schema } } : {}),
    responses: Object.entries(raw.responses).map(([status, written]) => {
      const { description = '', content } = written.$ref ? (resolve(written.$ref) as RawResponse) : written;
      const [first] = Object.entries(content ?? {});
      return { status, description, mediaType: first?.[0], schema: first?.[1].schema };
    }),
  };
};

const audienceOf = (security: RawOperation['security']): Audience => {
  if (security.some((one) => Object.keys(one).length === 0)) return 'anybody';
  return security.some(({ customerToken }) => customerToken) ? 'customers' : 'keys';
};
