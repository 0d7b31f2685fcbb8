import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { hashApiKey } from '../chassis/auth/authenticate.ts';
import { customersContract } from './contract.ts';
import { customers, findApiKey } from './index.ts';
import { freshEmail, problemOf } from './testing.ts';

let platform: TestPlatform;
const admin = () => platform.client(customersContract);
const withKey = (key: string) => platform.client(customersContract, { credential: key });

beforeAll(async () => {
  platform = await startTestPlatform({ services: [customers] });
});
afterAll(() => platform.stop());

test('a key works for its scopes and is shown once', async () => {
  const { key, ...shown } = await admin().createApiKey({ name: 'ERP', scopes: ['customers:read', 'customers:read'] });
  expect(shown).toMatchObject({
    name: 'ERP',
    scopes: ['customers:read'],
    createdBy: 'key:administrator',
    revokedAt: null,
  });
  await withKey(key).listCustomers({});
  expect((await problemOf(withKey(key).createCustomer({ email: freshEmail() }))).status).toBe(403);
  const listed = (await admin().listApiKeys({ search: 'erp' })).items.find(({ id }) => id === shown.id);
  expect(listed).toMatchObject({ hint: key.slice(0, 9) });
  expect(listed?.lastUsedAt).not.toBeNull();
  expect(JSON.stringify(listed)).not.toContain(key);
});

test('the key stands nowhere at rest', async () => {
  const { key } = await admin().createApiKey(
    { name: 'at rest', scopes: ['*'] },
    { idempotencyKey: crypto.randomUUID() },
  );
  const database = platform.database('customers');
  for (const table of ['api_key', 'idempotency', 'outbox', 'audit_log']) {
    expect([
      table,
      await database.rows(`SELECT 1 FROM ${table} t WHERE t::text LIKE '%' || $1 || '%'`, [key.slice(10)]),
    ]).toEqual([table, []]);
  }
});

test('a key gives no more than it has', async () => {
  const { key } = await admin().createApiKey({ name: 'narrow', scopes: ['api-keys:write', 'orders:*'] });
  expect((await withKey(key).createApiKey({ name: 'narrower', scopes: ['orders:read'] })).scopes).toEqual([
    'orders:read',
  ]);
  expect(
    await problemOf(withKey(key).createApiKey({ name: 'wider', scopes: ['*', 'orders:*', 'customers:read'] })),
  ).toMatchObject({
    status: 403,
    code: 'SCOPE_NOT_HELD',
    data: { scopes: ['*', 'customers:read'] },
  });
});

test('a key revokes only keys that can do no more than itself; itself always', async () => {
  const { key, id } = await admin().createApiKey({ name: 'clerk', scopes: ['api-keys:write', 'orders:*'] });
  const stronger = await admin().createApiKey({ name: 'boss', scopes: ['*'] });
  const other = await admin().createApiKey({ name: 'neighbour', scopes: ['customers:read', 'orders:read'] });
  const weaker = await admin().createApiKey({ name: 'junior', scopes: ['orders:read'] });
  for (const [target, lacking] of [
    [stronger, ['*']],
    [other, ['customers:read']],
  ] as const) {
    const refused = await problemOf(withKey(key).revokeApiKey({ keyId: target.id }));
    expect(refused).toMatchObject({ status: 403, code: 'SCOPE_NOT_HELD', data: { scopes: lacking } });
    expect((await admin().listApiKeys({ search: target.name })).items[0]?.revokedAt).toBeNull();
  }
  expect((await withKey(key).revokeApiKey({ keyId: weaker.id })).revokedAt).not.toBeNull();
  expect((await withKey(key).revokeApiKey({ keyId: id })).revokedAt).not.toBeNull();
  expect((await problemOf(admin().revokeApiKey({ keyId: `key_${'0'.repeat(32)}` }))).code).toBe('KEY_NOT_FOUND');
});

test('a key that expires makes keys that expire no later', async () => {
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const [soon, later] = [at(1), at(2)];
  const { key } = await admin().createApiKey({ name: 'for a day', scopes: ['api-keys:write'], expiresAt: soon });
  const make = (expiresAt?: string) =>
    withKey(key).createApiKey({ name: 'heir', scopes: ['api-keys:write'], ...(expiresAt ? { expiresAt } : {}) });
  for (const expiresAt of [undefined, later])
    expect(await problemOf(make(expiresAt))).toMatchObject({
      status: 403,
      code: 'OUTLIVES_CALLER',
      data: { expiresAt: soon },
    });
  expect((await make(soon)).expiresAt).toBe(soon);
});

test('a key has room for the scopes of many domains', async () => {
  const scopes = Array.from({ length: 200 }, (_, index) => `domain${index}:read`);
  expect((await admin().createApiKey({ name: 'journeys', scopes })).scopes).toHaveLength(200);
});

test('a revoked key is found no more; revoking it again changes nothing', async () => {
  const { key, id: keyId } = await admin().createApiKey({ name: 'to revoke', scopes: ['customers:read'] });
  const revoked = await admin().revokeApiKey({ keyId });
  expect(revoked.revokedAt).not.toBeNull();
  expect(await admin().revokeApiKey({ keyId })).toEqual(revoked);
  expect((await problemOf(withKey(key).listCustomers({}))).status).toBe(401);
  expect((await problemOf(admin().introspectApiKey({ hash: hashApiKey(key) }))).code).toBe('KEY_NOT_FOUND');
  await platform.waitForEvent('api_key.revoked', ({ subject }) => subject === keyId);
  expect(
    platform
      .events('customers')
      .filter(({ subject }) => subject === keyId)
      .map(({ type }) => type),
  ).toEqual(['api_key.created', 'api_key.revoked']);
});

test('a key that has run out is found no more', async () => {
  const past = await problemOf(
    admin().createApiKey({ name: 'past', scopes: ['*'], expiresAt: '2020-01-01T00:00:00Z' }),
  );
  expect(past).toMatchObject({ status: 422, code: 'EXPIRES_IN_THE_PAST' });
  const { key, id } = await admin().createApiKey({
    name: 'short',
    scopes: ['*'],
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const find = findApiKey(platform.database('customers'));
  expect(await find(hashApiKey(key))).toEqual({ id, name: 'short', scopes: ['*'] });
  await platform
    .database('customers')
    .run(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
  expect(await find(hashApiKey(key))).toBeUndefined();
  expect((await admin().listApiKeys({ state: 'expired' })).items.map((one) => one.id)).toEqual([id]);
});

test('other processes look a key up by its hash', async () => {
  const { key, id } = await admin().createApiKey({ name: 'elsewhere', scopes: ['orders:read'] });
  expect(await admin().introspectApiKey({ hash: hashApiKey(key) })).toEqual({
    id,
    name: 'elsewhere',
    scopes: ['orders:read'],
  });
  expect((await problemOf(admin().introspectApiKey({ hash: hashApiKey('fc_unknown') }))).status).toBe(404);
  expect((await problemOf(withKey(key).introspectApiKey({ hash: hashApiKey(key) }))).status).toBe(403);
});

test('any working key is told which it is, and nobody else is', async () => {
  const { key, id } = await admin().createApiKey({ name: 'narrow', scopes: ['orders:read'] });
  expect(await withKey(key).getCurrentApiKey({})).toEqual({ id, scopes: ['orders:read'] });
  expect((await problemOf(withKey('fc_unknown').getCurrentApiKey({}))).status).toBe(401);
  expect((await problemOf(withKey('').getCurrentApiKey({}))).status).toBe(401);
});

test('a busy key is noted every five minutes, not with every use', async () => {
  const { key, id } = await admin().createApiKey({ name: 'busy', scopes: ['*'] });
  const database = platform.database('customers');
  const find = findApiKey(database);
  const lastUsed = async () =>
    (await database.one<{ at: string | null }>('SELECT last_used_at AS at FROM api_key WHERE id = $1', [id])).at;
  expect(await lastUsed()).toBeNull();
  await find(hashApiKey(key));
  const first = await lastUsed();
  expect(first).not.toBeNull();
  await find(hashApiKey(key));
  expect(await lastUsed()).toBe(first);
  await database.run(`UPDATE api_key SET last_used_at = now() - interval '6 minutes' WHERE id = $1`, [id]);
  await find(hashApiKey(key));
  expect((await lastUsed()) ?? '').not.toBe('');
  expect(Date.parse((await lastUsed()) ?? '')).toBeGreaterThanOrEqual(Date.parse(first ?? ''));
});

test('keys are listed newest first, page by page', async () => {
  const made: string[] = [];
  for (let index = 0; index < 3; index += 1)
    made.push((await admin().createApiKey({ name: `paged ${index}`, scopes: ['*'] })).id);
  const first = await admin().listApiKeys({ search: 'paged', limit: 2 });
  const second = await admin().listApiKeys({ search: 'paged', limit: 2, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.toReversed());
  expect(second.nextCursor).toBeNull();
});
