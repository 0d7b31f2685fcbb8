import type { NamedOperation } from '../../microservices/chassis/contract/identifiers.ts';
import type { JsonSchema } from '../../microservices/chassis/contract/schema/json-schema.ts';
import { startWholePlatform } from '../test/operations/platform.ts';
import { ownerFor } from '../test/operations/recipes/index.ts';
import type { Sent } from '../test/operations/send.ts';
import { titleOf, type Fields, type Person, type Workshop } from '../test/operations/workshop.ts';
import type { TestPlatform } from '../test/platform.ts';
import { addressOf, everywhere, pathFields, schemaOf } from './everywhere.ts';

let platform: TestPlatform;
let workshop: Workshop;
let shopper: Person;

beforeAll(async () => {
  ({ platform, workshop } = await startWholePlatform());
  shopper = await workshop.person();
});
afterAll(() => platform.stop());

/** Fields that would give somebody more than they have, if they were taken over. */
const PRIVILEGES: Fields = {
  role: 'admin',
  isAdmin: true,
  ownerIdOverride: 'x',
  emailVerifiedAt: 'now',
  balanceAfter: 1,
};

test('S8: no operation takes over a field that it does not declare', async () => {
  const faults = await everywhere(
    workshop,
    ({ declared }) => !declared.stream,
    async (operation) => {
      const { status, text, body } = await workshop.send(
        titleOf(operation),
        { ...pathFields(operation), ...PRIVILEGES },
        platform.adminKey,
      );
      const { data } = (body ?? {}) as { data?: { issues?: { path: string; message: string }[] } };
      const isNamed = data?.issues?.some(({ path }) => Object.keys(PRIVILEGES).includes(path)) === true;
      return status === 400 && isNamed ? [] : [`${titleOf(operation)}: ${status} ${text}`];
    },
  );
  expect(faults).toEqual([]);
});

test('S12: keys of JavaScript’s prototypes are undeclared fields like others, and change nothing', async () => {
  const body =
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"prototype":{"polluted":true}}';
  const faults = await everywhere(
    workshop,
    ({ declared }) => declared.method !== 'GET' && !declared.stream,
    async (operation) => {
      const response = await fetch(new URL(addressOf(operation), platform.url), {
        method: operation.declared.method,
        headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
        body,
      });
      const text = await response.text();
      return response.status === 400 ? [] : [`${titleOf(operation)}: ${response.status} ${text}`];
    },
  );
  expect(faults).toEqual([]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('S12: nor do they in a query, however deep it is', async () => {
  const queries = [
    '__proto__[polluted]=true',
    'constructor[prototype][polluted]=true',
    '__proto__.polluted=true',
    `a${'[a]'.repeat(2_000)}=1`,
    `limit${'[limit]'.repeat(1_000)}=1`,
    'limit[]=1&limit[]=2&limit[__proto__]=3',
  ];
  const faults = await everywhere(
    workshop,
    ({ declared }) => declared.method === 'GET',
    async (operation) => {
      const { href } = new URL(addressOf(operation), platform.url);
      const answers: string[] = [];
      for (const query of queries) {
        const response = await fetch(`${href}?${query}`, { headers: { authorization: `Bearer ${platform.adminKey}` } });
        const text = await response.text();
        if (response.status !== 400) answers.push(`${titleOf(operation)} ${query}: ${response.status} ${text}`);
      }
      return answers;
    },
  );
  expect(faults).toEqual([]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

/** Texts that a query must take as texts. Where wildcards worked, MUG_BLUE would find MUG-BLUE. */
const INJECTIONS = [
  "' OR '1'='1",
  "'; DROP TABLE orders; --",
  '") OR true --',
  "x') UNION SELECT 1 --",
  '1; SELECT pg_sleep(10)',
  'MUG_BLUE',
  'MUG%',
  '%BLUE',
  '%',
  '\\',
  'MUG-BLUE\\',
  '$.** ? (@ == 1)',
  '{"$gt":""}',
  "system.peers' ALLOW FILTERING",
  'MUG-BLUE\u0000',
  '__proto__',
  'constructor',
  'a\r\nset-cookie: b=1',
  '\u202e',
];

const isQueried = ({ declared }: NamedOperation): boolean => declared.method === 'GET' || declared.readOnly === true;

/** Which texts a field accepts: any, those of a pattern or a list of choices, or none. */
const textOf = (schema: JsonSchema): 'any' | 'some' | 'none' => {
  const texts = [schema, ...(schema.anyOf ?? [])].filter(({ type }) => type === 'string');
  if (texts.length === 0) return 'none';
  return texts.some(({ pattern, format, enum: choices }) => !pattern && !format && !choices) ? 'any' : 'some';
};

/** They look for words, so that MUG%BLUE finds what has both. */
const BY_WORDS: ReadonlySet<string> = new Set([
  'catalog.searchProducts',
  'catalog.listProducts',
  'catalog.listCategories',
]);

/** What a filter chooses by, where that is not what it finds: each template in the nearest language that it has. */
const FINDS_OTHERS: ReadonlySet<string> = new Set(['notifications.listTemplates language']);

/** Items that a list returned although they do not hold the text that was looked for. */
const foundWithout = ({ body }: Sent, text: string): unknown[] => {
  const { items } = (body ?? {}) as { items?: unknown[] };
  const wanted = JSON.stringify(text).slice(1, -1).toLowerCase();
  return (items ?? []).filter((item) => !JSON.stringify(item).toLowerCase().includes(wanted));
};

test('S2: every filter and sort takes what it gets as a text, never as a part of a query', async () => {
  const faults = await everywhere(workshop, isQueried, async (operation) => {
    const { properties = {} } = schemaOf(operation);
    const faulty: string[] = [];
    const good = await workshop.inputFor(titleOf(operation), await ownerFor(workshop, titleOf(operation), shopper));
    for (const [field, schema] of Object.entries(properties)) {
      const takes = textOf(schema);
      // Where a pattern decides, two texts show that it does.
      for (const text of takes === 'none' ? [] : takes === 'some' ? INJECTIONS.slice(0, 2) : INJECTIONS) {
        const sent = await workshop.send(titleOf(operation), { ...good, [field]: text }, platform.adminKey);
        const isExact = !BY_WORDS.has(titleOf(operation)) && !FINDS_OTHERS.has(`${titleOf(operation)} ${field}`);
        const found = isExact ? foundWithout(sent, text) : [];
        if (sent.status >= 500 || found.length > 0)
          faulty.push(`${titleOf(operation)} ${field}=${text}: ${sent.status} ${sent.text.slice(0, 300)}`);
      }
    }
    return faulty;
  });
  expect(faults).toEqual([]);
}, 120_000);

test('S2: a cursor made by hand is refused, whatever it holds', async () => {
  const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const cursors = [
    cursor(["' OR '1'='1"]),
    cursor([{ $gt: '' }, 1, 1]),
    cursor({ a: 1 }),
    cursor([1e308, 1e308]),
    cursor([]),
    'x',
  ];
  const faults = await everywhere(
    workshop,
    (operation) => 'cursor' in (schemaOf(operation).properties ?? {}),
    async (operation) => {
      const answers: string[] = [];
      for (const one of cursors) {
        const { status, text } = await workshop.send(
          titleOf(operation),
          { ...pathFields(operation), cursor: one },
          platform.adminKey,
        );
        if (status >= 500) answers.push(`${titleOf(operation)} ${one}: ${status} ${text}`);
      }
      return answers;
    },
  );
  expect(faults).toEqual([]);
});
