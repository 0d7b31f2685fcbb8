import { OpenAPIGenerator, type OpenAPI } from '@orpc/openapi';
import { isQuery, pathOf, takesVersion, tellsVersion, type Contract, type Operation } from '../index.ts';
import { contractRouter } from '../router.ts';
import { commonFailures, failureResponses, PROBLEM, type DocumentedFailure } from './failures.ts';
import { addLinks } from './links.ts';
import { converter, namedSchemas, outputSchema, type NamedSchema } from '../schema/json-schema.ts';

export type OpenApiDocument = OpenAPI.Document;

export interface DocumentInfo {
  title: string;
  version: string;
  description?: string;
  /** Where the gateway answers; "/" when the document is read from it. */
  serverUrl?: string;
}

const generator = new OpenAPIGenerator({ schemaConverters: [converter] });

/** The OpenAPI 3.1.1 document of these contracts: every operation with its failures, its scope and its idempotency. */
export const openApiOf = async (contracts: readonly Contract[], info: DocumentInfo): Promise<OpenApiDocument> => {
  const named = namedSchemas(contracts);
  const document = await generator.generate(
    Object.fromEntries(contracts.map((contract) => [contract.domain, contractRouter(contract)])),
    {
      info: {
        title: info.title,
        version: info.version,
        description: info.description ?? INTRODUCTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: info.serverUrl ?? '/' }],
      tags: contracts.map(({ title, description }) => ({ name: title, description })),
      components: {
        securitySchemes: SECURITY_SCHEMES,
        parameters: { IdempotencyKey: IDEMPOTENCY_KEY, IfMatch: IF_MATCH, Rehearsal: REHEARSAL },
      },
      commonSchemas: Object.fromEntries(named.map(({ name, schema, strategy }) => [name, { schema, strategy }])),
      customErrorResponseBodySchema: {},
    },
  );
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM as OpenAPI.SchemaObject },
  };
  for (const contract of contracts) {
    for (const declared of Object.values(contract.operations)) complete(document, contract, declared, named);
  }
  addLinks(document, contracts);
  return document;
};

const INTRODUCTION = [
  'Every operation of the platform behind one address.',
  'Commands take an `Idempotency-Key`: the same key answers the first answer again for 24 hours, so a repeat never acts twice.',
  'With `Rehearsal: true` they change nothing and respond as they would.',
  'Failures are problem documents (RFC 9457) with a stable `code`.',
  'Lists answer `nextCursor`; give it as `cursor` for the next page.',
].join(' ');

const SECURITY_SCHEMES: Record<string, OpenAPI.SecuritySchemeObject> = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API key (fc_…) as bearer token. The scope that an operation asks for stands beside it; `*` covers all, `orders:*` all of orders.',
  },
  customerToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A customer’s access token from signing in; it reaches what belongs to that customer.',
  },
};

const IDEMPOTENCY_KEY: OpenAPI.ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Makes a repeat safe: same key and same input, same answer, for 24 hours. A UUID is a good choice.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

const IF_MATCH: OpenAPI.ParameterObject = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The version that the change is meant for, in quotes: "7". If somebody else was first, the answer is 412.',
  schema: { type: 'string' },
};

const ETAG: OpenAPI.HeaderObject = {
  description: 'The version of this thing, as If-Match takes it',
  schema: { type: 'string' },
};

const REHEARSAL: OpenAPI.ParameterObject = {
  name: 'Rehearsal',
  in: 'header',
  required: false,
  description:
    'With `true` and an API key: the response is what it would be, with the header `Rehearsal: true`, and nothing is changed, published or kept.',
  schema: { type: 'string', enum: ['true', 'false'] },
};

/** Adds parts that oRPC cannot know: security, idempotency, streams, and failures as problem documents. */
const complete = (
  document: OpenApiDocument,
  contract: Contract,
  declared: Operation,
  named: readonly NamedSchema[],
): void => {
  const method = declared.method.toLowerCase() as Lowercase<Operation['method']>;
  const written = document.paths?.[pathOf(contract, declared)]?.[method];
  if (!written) throw new Error(`${contract.domain}: ${declared.method} ${declared.path} is missing in the document`);
  written.security = securityOf(declared);
  if (!isQuery(declared) && !declared.secretAnswer) {
    written.parameters = [...(written.parameters ?? []), { $ref: '#/components/parameters/IdempotencyKey' }];
  }
  if (!isQuery(declared)) {
    written.parameters = [...(written.parameters ?? []), { $ref: '#/components/parameters/Rehearsal' }];
  }
  if (takesVersion(declared)) {
    written.parameters = [...(written.parameters ?? []), { $ref: '#/components/parameters/IfMatch' }];
  }
  relaxBody(written);
  if (declared.stream) {
    written.requestBody = {
      required: true,
      content: { [declared.stream]: { schema: { type: 'string', format: 'binary' } } },
    };
  }
  const shared = ((document.components ??= {}).responses ??= {});
  if (declared.download)
    written.responses = {
      [String(declared.successStatus ?? 200)]: {
        description: `The file ${declared.download.fileName}`,
        content: { [declared.download.type]: { schema: { type: 'string' } } },
      },
    };
  const failures = failureResponses(declaredFailures(declared, named), commonFailures(declared), shared);
  const successes = Object.entries(written.responses ?? {}).filter(([status]) => Number(status) < 400);
  if (tellsVersion(declared)) for (const [, success] of successes) Object.assign(success, { headers: { ETag: ETAG } });
  written.responses = { ...Object.fromEntries(successes), ...failures } as typeof written.responses;
};

/** A body is required only where some field of it is; where it has no field at all there is none. */
const relaxBody = (written: OpenAPI.OperationObject): void => {
  const body = written.requestBody;
  if (!body || !('content' in body)) return;
  const schema = body.content['application/json']?.schema;
  const isPlainObject = schema && 'type' in schema && schema.type === 'object';
  if (!isPlainObject || schema.anyOf || schema.oneOf || schema.allOf || schema.additionalProperties) return;
  if (Object.keys(schema.properties ?? {}).length === 0) delete written.requestBody;
  else body.required = (schema.required ?? []).length > 0;
};

const securityOf = ({ access }: Operation): OpenAPI.SecurityRequirementObject[] => [
  { apiKey: access.anyKey ? [] : [access.scope] },
  ...(access.customer || access.public ? [{ customerToken: [] }] : []),
  ...(access.public ? [{}] : []),
];

const declaredFailures = (declared: Operation, named: readonly NamedSchema[]): DocumentedFailure[] =>
  Object.entries(declared.errors).map(([code, { status, title, data }]) => ({
    code,
    status,
    title,
    ...(data ? { data: outputSchema(data, named) } : {}),
  }));
