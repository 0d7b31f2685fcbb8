import { z } from 'zod';
import { segmentsOf } from '../chassis/contract/index.ts';
import { customersContract } from './contract.ts';

/** Every property name in a JSON schema, at any depth. */
const propertiesIn = (schema: unknown): string[] => {
  if (schema === null || typeof schema !== 'object') return [];
  const own =
    'properties' in schema && schema.properties && typeof schema.properties === 'object'
      ? Object.keys(schema.properties)
      : [];
  return [...own, ...Object.values(schema).flatMap(propertiesIn)];
};

/** All that may ever be said about a person in an event: events live for ever and cannot be erased. */
const SAYABLE = new Set([
  // How many tags, never which.
  'added',
  'removed',
  'alsoKnownAs',
  'by',
  'changed',
  'channel',
  'code',
  'completedAt',
  'contact',
  'country',
  'customerId',
  'decidedAt',
  'expiresAt',
  'granted',
  'group',
  'keyId',
  'locale',
  'mergedCustomerId',
  'purpose',
  'reason',
  'requestedAt',
  'scopes',
  'service',
  'services',
  'sessionId',
  'wasGuest',
]);

test.each(Object.entries(customersContract.events))('%s carries no personal data', (_name, { payload }) => {
  const unsayable = propertiesIn(z.toJSONSchema(payload)).filter((name) => !SAYABLE.has(name));
  expect(unsayable).toEqual([]);
});

const operations = Object.entries(customersContract.operations);

test.each(operations)('%s: what stands in the path stands in the input', (_name, { path, input }) => {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
  expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(parameters));
});

test('what holds a password, a code, a token or a key is never remembered, not even as a hash', () => {
  const remembered = operations.filter(
    ([, declared]) => declared.method !== 'GET' && !declared.readOnly && !declared.secretAnswer,
  );
  const leaking = remembered.filter(([, declared]) => {
    const input = propertiesIn(z.toJSONSchema(declared.input, { io: 'input', unrepresentable: 'any' }));
    const output = propertiesIn(z.toJSONSchema(declared.output, { unrepresentable: 'any' }));
    return input.some((name) => /password/i.test(name)) || output.some((name) => /password|token|^key$/i.test(name));
  });
  expect(leaking).toEqual([]);
  for (const name of ['confirmVerification', 'confirmPasswordReset'] as const) {
    expect(customersContract.operations[name].secretAnswer).toBe(true);
  }
});

test('what anybody may call is never remembered: strangers share one name and must not get each other’s answers', () => {
  const shared = operations.filter(
    ([, { access, method, secretAnswer }]) => access.public && method !== 'GET' && !secretAnswer,
  );
  expect(shared.map(([name]) => name)).toEqual([]);
});

test('the gateway routes its paths by three segments', () => {
  expect(segmentsOf(customersContract).toSorted()).toEqual(['api-keys', 'customers', 'sessions']);
});
