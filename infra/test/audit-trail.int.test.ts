import { randomUUID } from 'node:crypto';
import { inventoryAway } from './inventory-away.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { customers } from '../../microservices/customers/index.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { auditContract } from '../../microservices/audit/contract.ts';
import { audit } from '../../microservices/audit/index.ts';
import { auditClient, entriesOf } from './audit.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [customers, catalog, audit], remote: [inventoryAway], trustProxy: 1 });
});
afterAll(() => platform.stop());

const VISITOR = '203.0.113.77';

/** A request as a visitor behind a proxy sends it. */
const send = async (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${platform.url}/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${platform.adminKey}`,
      'x-forwarded-for': VISITOR,
      'user-agent': `Shop/1.0 ${'x'.repeat(200)}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });

const category = (slug: string) => ({ slug, title: { en: slug } });
const withKey = (key: string) => ({ authorization: `Bearer ${key}` });
const newKey = (name: string, scopes: string[]) => platform.client(customersContract).createApiKey({ name, scopes });
const address = () => `${randomUUID()}@example.com`;

describe('an entry', () => {
  test('says who did what, when, from where and through which journey', async () => {
    const { id, key } = await newKey('Warehouse', ['catalog:*']);
    const correlation = { 'x-correlation-id': 'audited-1' };
    const journey = { 'x-journey': 'workflow=w1&execution=e7&node=Create+Category' };
    const response = await send('/categories', category('audited'), { ...withKey(key), ...correlation, ...journey });
    const made = (await response.json()) as { id: string };
    const [entry] = await entriesOf(platform, { caller: `key:${id}` }, 1);
    expect(entry).toMatchObject({
      who: { kind: 'key', caller: `key:${id}`, name: 'Warehouse' },
      operation: 'catalog.createCategory',
      title: 'Create category',
      resource: made.id,
      outcome: 'done',
      refusal: null,
      address: VISITOR,
      userAgent: `Shop/1.0 ${'x'.repeat(71)}`,
      journey: { workflowId: 'w1', executionId: 'e7', node: 'Create Category' },
      correlationId: 'audited-1',
      recordedBy: 'key:service',
    });
    const api = auditClient(platform);
    expect(await api.getEntry({ entryId: entry?.id ?? '' })).toEqual(entry);
    const found = { items: [entry], nextCursor: null };
    expect(await api.listEntries({ resource: made.id })).toEqual(found);
    expect(await api.listEntries({ workflowId: 'w1', executionId: 'e7', kind: 'key', outcome: 'done' })).toEqual(found);
    expect(await api.listEntries({ caller: `key:${id}`, until: entry?.at })).toEqual({ items: [], nextCursor: null });
    expect(await api.listEntries({ caller: `key:${id}`, domain: 'customers' })).toMatchObject({ items: [] });
  });

  test('is there once for a command and its repeats, and not for a rehearsal', async () => {
    const { id, key } = await newKey('Repeats', ['catalog:*']);
    const idempotent = { ...withKey(key), 'idempotency-key': randomUUID() };
    for (let time = 0; time < 3; time += 1) await send('/categories', category('repeated'), idempotent);
    await send('/categories', category('rehearsed'), { ...withKey(key), rehearsal: 'true' });
    await send('/categories', category('last'), withKey(key));
    const entries = await entriesOf(platform, { caller: `key:${id}` }, 2);
    expect(entries.map(({ operation }) => operation)).toEqual(['catalog.createCategory', 'catalog.createCategory']);
  });

  test('is there for what was refused, with its code, and for whoever lacked the scope', async () => {
    const { id, key } = await newKey('Refused', ['catalog:*']);
    await send('/categories', category('taken'), withKey(key));
    expect((await send('/categories', category('taken'), withKey(key))).status).toBe(409);
    expect((await send('/customers', { email: address() }, withKey(key))).status).toBe(403);
    const entries = await entriesOf(platform, { caller: `key:${id}`, outcome: 'refused' }, 2);
    // Each service sends its own lines, so that those of two may come in any order.
    expect(entries.map(({ operation, refusal }) => `${operation} ${refusal}`).toSorted()).toEqual([
      'catalog.createCategory SLUG_TAKEN',
      'customers.createCustomer FORBIDDEN',
    ]);
  });

  test('is there for who was given everything about a person, or the trail itself, also in a rehearsal', async () => {
    const { id, key } = await newKey('Auditor', ['customers:*', 'audit:read']);
    const read = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
      const response = await fetch(`${platform.url}/v1${path}`, { headers: { ...withKey(key), ...headers } });
      await response.text();
      return response.status;
    };
    const person = await platform.client(customersContract).createCustomer({ email: address(), name: 'Ada' });
    const paths = [`/customers/${person.id}/export`, `/customers/export?email=${address()}`, '/audit/export'];
    for (const path of paths) expect([path, await read(path)]).toEqual([path, 200]);
    expect(await read(`/customers/${person.id}/export`, { rehearsal: 'true' })).toBe(200);
    expect(await read(`/customers/${person.id}`)).toBe(200);
    expect(await read('/customers/cus_00000000000000000000000000000000/export')).toBe(404);
    const entries = await entriesOf(platform, { caller: `key:${id}` }, 4);
    expect(entries.map(({ operation, resource }) => `${operation} ${resource ?? ''}`.trim()).toSorted()).toEqual([
      'audit.exportTrail',
      'customers.exportByEmail',
      `customers.exportCustomer ${person.id}`,
      `customers.exportCustomer ${person.id}`,
    ]);
  });

  test('is found on pages of any size, newest first', async () => {
    const all = (await auditClient(platform).listEntries({ limit: 200 })).items;
    const paged: unknown[] = [];
    for (let cursor: string | undefined; paged.length < all.length;) {
      const page = await auditClient(platform).listEntries({
        limit: 3,
        until: all[0]?.at,
        ...(cursor ? { cursor } : {}),
      });
      paged.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all.filter(({ at }) => at < (all[0]?.at ?? '')));
  });
});

describe('an erasure', () => {
  const register = async () => {
    const registration = { email: address(), password: 'correct horse battery', name: 'Ada', locale: 'en' };
    const { customer, session } = (await (
      await send('/customers/registrations', registration, { authorization: '' })
    ).json()) as { customer: { id: string }; session: { accessToken: string } };
    await send('/sessions/sign-out', {}, withKey(session.accessToken));
    return customer.id;
  };

  test('takes the address from what the customer did, and the trail stays whole', async () => {
    const customerId = await register();
    const own = await entriesOf(platform, { caller: `customer:${customerId}` }, 1);
    expect(own).toMatchObject([{ operation: 'customers.signOut', address: VISITOR, who: { kind: 'guest' } }]);
    await platform.client(customersContract).eraseCustomer({ customerId });
    await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
    const [entry] = await entriesOf(platform, { caller: `customer:${customerId}` }, 1);
    expect(entry).toMatchObject({ id: own[0]?.id, hash: own[0]?.hash, address: null, userAgent: null });
    const [erased] = await entriesOf(platform, { operation: 'trail.erased', resource: customerId }, 1);
    expect(erased).toMatchObject({ title: 'Addresses of a customer erased from the trail', who: { kind: 'service' } });
    expect(await auditClient(platform).verifyTrail({})).toMatchObject({ whole: true, firstBroken: null });
    for (const schema of ['audit', 'customers'] as const) {
      const table = schema === 'audit' ? 'audit_entry' : 'audit_log';
      const column = schema === 'audit' ? 'resource' : `details ->> 'resource'`;
      const sql = `SELECT address FROM ${table} WHERE (caller = $1 OR (caller LIKE 'anonymous%' AND ${column} = $2)) AND address IS NOT NULL`;
      expect(await platform.database(schema).rows(sql, [`customer:${customerId}`, customerId])).toEqual([]);
    }
  });

  test('also takes it from a line that comes later', async () => {
    const customerId = await register();
    await platform.client(customersContract).eraseCustomer({ customerId });
    await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
    const line = {
      id: randomUUID(),
      at: new Date().toISOString(),
      operation: 'orders.placeOrder',
      correlationId: 'late',
    };
    const late = { ...line, caller: `customer:${customerId}`, address: VISITOR, details: { userAgent: 'Shop' } };
    expect(await auditClient(platform).recordEntries({ entries: [late, late] })).toEqual({ recorded: 1 });
    expect(await auditClient(platform).recordEntries({ entries: [late] })).toEqual({ recorded: 0 });
    const [entry] = await entriesOf(platform, { correlationId: 'late' }, 1);
    expect(entry).toMatchObject({ address: null, userAgent: null, recordedBy: 'key:administrator' });
    expect(await auditClient(platform).verifyTrail({})).toMatchObject({ whole: true });
  });
});

describe('verification', () => {
  const sql = (text: string) => platform.database('audit').run(text);
  /** Runs a test on a trail that is put back afterwards. */
  const tampered = async (statements: readonly string[]) => {
    await until('no line waits', async () => {
      const waiting = await Promise.all(
        ['customers', 'catalog'].map((domain) => platform.database(domain).rows('SELECT id FROM audit_log')),
      );
      return waiting.flat().length === 0;
    });
    await sql('CREATE TABLE kept AS SELECT * FROM audit_entry');
    await sql('CREATE TABLE kept_trail AS SELECT * FROM audit_trail');
    for (const statement of statements) await sql(statement);
    const found = await auditClient(platform).verifyTrail({});
    await sql('TRUNCATE audit_entry, audit_trail');
    await sql('INSERT INTO audit_entry SELECT * FROM kept');
    await sql('INSERT INTO audit_trail SELECT * FROM kept_trail');
    await sql('DROP TABLE kept, kept_trail');
    return found;
  };

  const swap = [
    'UPDATE audit_entry SET position = -3 WHERE position = 3',
    'UPDATE audit_entry SET position = 3 WHERE position = 5',
    'UPDATE audit_entry SET position = 5 WHERE position = -3',
  ];
  const shift = [
    'UPDATE audit_entry SET position = -position - 1 WHERE position >= 4',
    'UPDATE audit_entry SET position = -position WHERE position < 0',
    `INSERT INTO audit_entry SELECT 4, 'aud_${'0'.repeat(32)}', at, recorded_at, recorded_by, operation, caller, name, guest, resource, workflow_id, execution_id, node, refusal, correlation_id, address, user_agent, salt, personal_digest, hash FROM audit_entry WHERE position = 3`,
  ];
  const last = 'SELECT head_position FROM audit_trail';

  test.each([
    ['a changed caller', [`UPDATE audit_entry SET caller = 'key:other' WHERE position = 2`], 2, 'changed'],
    [
      'a changed address',
      [`UPDATE audit_entry SET address = '1.1.1.1' WHERE position = 2`],
      2,
      'personal_data_changed',
    ],
    [
      'a removed address',
      ['UPDATE audit_entry SET address = NULL, user_agent = NULL, salt = NULL WHERE position = 2'],
      2,
      'personal_data_removed',
    ],
    ['a deleted entry', ['DELETE FROM audit_entry WHERE position = 4'], 4, 'missing'],
    ['entries in another order', swap, 3, 'changed'],
    ['an inserted entry', shift, 4, 'changed'],
    [
      'a cut beginning',
      [
        'DELETE FROM audit_entry WHERE position <= 2',
        'UPDATE audit_trail SET start_position = 2, start_hash = head_hash',
      ],
      3,
      'changed',
    ],
  ] as const)('names %s', async (_what, statements, position, reason) => {
    expect(await auditClient(platform).verifyTrail({})).toMatchObject({ whole: true });
    expect(await tampered(statements)).toMatchObject({ whole: false, firstBroken: { position, reason } });
    expect(await auditClient(platform).verifyTrail({})).toMatchObject({ whole: true });
  });

  test('names the end when the last entry was deleted', async () => {
    const { head } = await auditClient(platform).verifyTrail({});
    const found = await tampered([`DELETE FROM audit_entry WHERE position = (${last})`]);
    expect(found.firstBroken).toEqual({ position: head.position, entryId: null, reason: 'missing' });
  });

  test('finds a whole trail that was forged, by its anchor', async () => {
    const anchor = await auditClient(platform).anchorTrail({});
    const event = await platform.waitForEvent(
      'audit.anchored',
      ({ data }) => (data as typeof anchor).position === anchor.position,
    );
    expect(event.data).toEqual({ position: anchor.position, hash: anchor.hash });
    expect((await auditClient(platform).listAnchors({ limit: 1 })).items).toEqual([anchor]);
    const cut = [
      `DELETE FROM audit_entry WHERE position >= ${anchor.position}`,
      `UPDATE audit_trail SET head_position = ${anchor.position - 1}, head_hash = (SELECT hash FROM audit_entry WHERE position = ${anchor.position - 1})`,
    ];
    expect((await tampered(cut)).firstBroken).toEqual({ position: anchor.position, entryId: null, reason: 'missing' });
  });
});

test('the trail is for staff with the scope', async () => {
  const { key } = await newKey('No auditor', ['catalog:*']);
  const stranger = platform.client(auditContract, { credential: key });
  await expect(stranger.listEntries({})).rejects.toMatchObject({ status: 403 });
  await expect(stranger.recordEntries({ entries: [] })).rejects.toMatchObject({ status: 403 });
});
