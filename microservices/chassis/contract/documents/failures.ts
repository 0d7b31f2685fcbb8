import { z } from 'zod';
import { isQuery, takesVersion, type Operation } from '../index.ts';
import { INVALID_CURSOR } from '../../cursor.ts';
import type { JsonSchema } from '../schema/json-schema.ts';

/** A failure as a document shows it. */
export interface DocumentedFailure {
  code: string;
  status: number;
  title: string;
  data?: JsonSchema;
}

export const PROBLEM: JsonSchema = {
  type: 'object',
  title: 'Problem',
  description: 'What went wrong (RFC 9457). Programs branch on `code`; people read `detail`.',
  properties: {
    type: { type: 'string', description: 'URN of this kind of problem' },
    title: { type: 'string', description: 'The kind of problem in words' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What happened here, which value, what to do' },
    code: { type: 'string', description: 'Stable code of this kind of problem' },
    instance: { type: 'string', description: 'The path that was asked' },
    data: { description: 'What explains it, by code' },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
};

const ISSUES: JsonSchema = {
  type: 'object',
  properties: {
    issues: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, message: { type: 'string' } },
        required: ['path', 'message'],
      },
    },
  },
  required: ['issues'],
};

/** The failures that the chassis and the gateway answer for every operation of its kind, beside those it declares. */
export const commonFailures = (declared: Operation): DocumentedFailure[] => {
  const command = !isQuery(declared);
  const repeatable = command && !declared.secretAnswer;
  const hasBody = declared.method !== 'GET';
  const isList = declared.input instanceof z.ZodObject && 'cursor' in declared.input.shape;
  return [
    { code: 'INVALID_INPUT', status: 400, title: 'Invalid request', data: ISSUES },
    ...(isList ? [INVALID_CURSOR] : []),
    ...(hasBody && !declared.stream
      ? [{ code: 'INVALID_JSON', status: 400, title: 'The body is not a JSON object' }]
      : []),
    ...(repeatable ? [{ code: 'INVALID_IDEMPOTENCY_KEY', status: 400, title: 'Invalid Idempotency-Key' }] : []),
    { code: 'UNAUTHENTICATED', status: 401, title: 'Not signed in' },
    ...(declared.access.public ? [] : [{ code: 'FORBIDDEN', status: 403, title: 'Not allowed' }]),
    ...(repeatable
      ? [
          { code: 'IDEMPOTENCY_IN_FLIGHT', status: 409, title: 'Request in progress' },
          { code: 'IDEMPOTENCY_KEY_REUSED', status: 422, title: 'Idempotency-Key already used' },
        ]
      : []),
    ...(command ? [{ code: 'INVALID_REHEARSAL', status: 400, title: 'Invalid Rehearsal header' }] : []),
    ...(cannotRehearse(declared)
      ? [{ code: 'REHEARSAL_NOT_POSSIBLE', status: 422, title: 'Cannot be rehearsed' }]
      : []),
    ...(takesVersion(declared)
      ? [{ code: 'PRECONDITION_FAILED', status: 412, title: 'Changed since this version' }]
      : []),
    ...(hasBody
      ? [
          { code: 'REQUEST_TIMEOUT', status: 408, title: 'Request too slow' },
          { code: 'PAYLOAD_TOO_LARGE', status: 413, title: 'Request body too large' },
          { code: 'UNSUPPORTED_MEDIA_TYPE', status: 415, title: 'Content type not supported' },
        ]
      : []),
    { code: 'HEADERS_TOO_LARGE', status: 431, title: 'Headers too large' },
    { code: 'RATE_LIMITED', status: 429, title: 'Too many requests' },
    { code: 'UNAVAILABLE', status: 503, title: 'Temporarily unavailable' },
  ];
};

const cannotRehearse = ({ cannotRehearse: reason, secretAnswer, stream }: Operation): boolean =>
  reason !== undefined || secretAnswer === true || stream !== undefined;

/**
 * Failures as responses, one a status: a problem document whose code says which, with the data that belongs to it.
 * Statuses that only say what every operation of the kind says are references; what they refer to is added to `shared`.
 */
export const failureResponses = (
  declared: readonly DocumentedFailure[],
  common: readonly DocumentedFailure[],
  shared: Record<string, object>,
): Record<string, object> => {
  const byStatus = Map.groupBy([...declared, ...common], ({ status }) => String(status));
  const responses = [...byStatus].map(([status, those]): [string, object] => {
    if (those.some((failure) => declared.includes(failure))) return [status, responseOf(those)];
    const name = those.map(({ code }) => pascalCase(code)).join('Or');
    shared[name] ??= responseOf(those);
    return [status, { $ref: `#/components/responses/${name}` }];
  });
  return Object.fromEntries(responses.toSorted(([left], [right]) => (left < right ? -1 : 1)));
};

const pascalCase = (code: string): string =>
  code.toLowerCase().replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

const responseOf = (failures: readonly DocumentedFailure[]): object => ({
  description: failures.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
  content: { 'application/problem+json': { schema: schemaOf(failures) } },
});

const problem = { $ref: '#/components/schemas/Problem' };

const schemaOf = (failures: readonly DocumentedFailure[]): JsonSchema => {
  if (failures.every(({ data }) => data === undefined)) {
    return { allOf: [problem, { type: 'object', properties: { code: { enum: failures.map(({ code }) => code) } } }] };
  }
  const variants = failures.map(({ code, data }) => ({
    allOf: [
      problem,
      {
        type: 'object',
        properties: { code: { const: code }, ...(data ? { data } : {}) },
        ...(data ? { required: ['data'] } : {}),
      },
    ],
  }));
  const [only, ...others] = variants;
  return only && others.length === 0 ? only : { oneOf: variants };
};
