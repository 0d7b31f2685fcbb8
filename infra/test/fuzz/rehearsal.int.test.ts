import type { Database } from '../../../microservices/chassis/database/index.ts';
import { createKafka } from '../../../microservices/chassis/kafka/client.ts';
import { isQuery, topicOf } from '../../../microservices/chassis/contract/index.ts';
import { silentLog } from '../../../microservices/chassis/testing/log.ts';
import { untilWithin } from '../../../microservices/chassis/testing/until.ts';
import { allServices } from '../../platform/services.ts';
import { inLanes } from '../lanes.ts';
import { startWholePlatform } from '../operations/platform.ts';
import { byTheOwnerOnly, ownerFor } from '../operations/recipes/index.ts';
import type { Fields, Person, Workshop } from '../operations/workshop.ts';
import type { TestPlatform } from '../platform.ts';

const LANES = 6;

let platform: TestPlatform;
let workshop: Workshop;
let shopper: Person;

beforeAll(async () => {
  ({ platform, workshop } = await startWholePlatform());
  shopper = await workshop.person();
}, 240_000);
afterAll(() => platform.stop());

/**
 * Tables that a process at rest writes all the same, and the one that follows the topics, which are compared
 * themselves.
 */
const RESTLESS = new Set(['lease', 'latest_event']);
/** When an erasure that waits was tried last: it is tried again and again by itself. */
const RESTLESS_COLUMN = 'tried_at';

const rowsOf = async (database: Database): Promise<Record<string, string>> => {
  const tables = await database.rows<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename',
  );
  const rows: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !RESTLESS.has(table.name)))
    rows[name] = (
      await database.one<{ rows: string }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(kept::text, ',' ORDER BY kept::text)), '') AS rows
         FROM (SELECT to_jsonb(one) - '${RESTLESS_COLUMN}' AS kept FROM "${name}" AS one) AS kept_rows`,
      )
    ).rows;
  return rows;
};

/** Everything that is kept: the rows of every table, and the end of every topic. */
const everything = async () => {
  const domains = allServices.map(({ contract }) => contract);
  const rows = await Promise.all(domains.map(async ({ domain }) => [domain, await rowsOf(platform.database(domain))]));
  const tables = Object.fromEntries(rows) as Record<string, Record<string, string>>;
  const admin = createKafka({ brokers: platform.kafka, clientId: 'test', log: silentLog }).admin();
  await admin.connect();
  const topics: Record<string, unknown> = {};
  for (const contract of domains) topics[topicOf(contract)] = await admin.fetchTopicOffsets(topicOf(contract));
  await admin.disconnect();
  return { tables, topics };
};

/**
 * What was begun by the demo data is done: nothing waits in an outbox, and reactions and jobs change nothing any more.
 */
const atRest = async () => {
  let last = await everything();
  const changed = async (): Promise<string[]> => {
    const now = await everything();
    const domains = Object.entries(now.tables).flatMap(([domain, tables]) =>
      Object.keys(tables)
        .filter(
          (table) => tables[table] !== last.tables[domain]?.[table] || (table === 'outbox' && tables[table] !== '0 '),
        )
        .map((table) => `${domain}.${table}`),
    );
    const topics = JSON.stringify(now.topics) === JSON.stringify(last.topics) ? [] : ['topics'];
    last = now;
    return [...domains, ...topics];
  };
  const isQuiet = async (): Promise<string[]> => [...(await changed()), ...(await changed()), ...(await changed())];
  await untilWithin(40_000)('nothing changes any more', isQuiet, ({ length }) => length === 0);
  return last;
};

/** Titles of the operations that change something. */
const commands = (): string[] =>
  [...workshop.operations].filter(([, { declared }]) => !isQuery(declared)).map(([title]) => title);

/** Rehearsals are for keys: what only a person may do has none. */
const isRehearsable = (title: string): boolean => {
  if (byTheOwnerOnly.has(title)) return false;
  const { declared } = workshop.operation(title);
  return !declared.secretAnswer && declared.stream === undefined && declared.cannotRehearse === undefined;
};

interface Prepared {
  title: string;
  input: Fields;
  credential: string;
}

/** An input with which the command succeeds. */
const prepare = async (title: string): Promise<Prepared> => {
  const owner = await ownerFor(workshop, title, shopper);
  const credential = byTheOwnerOnly.has(title) ? owner.accessToken : platform.adminKey;
  return { title, input: await workshop.inputFor(title, owner), credential };
};

const rehearse = ({ title, input, credential }: Prepared) =>
  workshop.send(title, input, credential, { rehearsal: 'true' });

test('a rehearsal responds as the command does right after it', async () => {
  const differing = async (title: string): Promise<object[]> => {
    const prepared = await prepare(title);
    const rehearsed = await rehearse(prepared);
    const real = await workshop.send(title, prepared.input, prepared.credential);
    const isSame = rehearsed.status === real.status && rehearsed.status < 300;
    return isSame && rehearsed.headers.get('rehearsal') === 'true'
      ? []
      : [{ title, rehearsed: [rehearsed.status, rehearsed.text], real: [real.status, real.text] }];
  };
  const titles = commands().filter(isRehearsable);
  const others = await inLanes(
    LANES,
    titles.map((title) => () => differing(title)),
  );
  expect(others.flat()).toEqual([]);
}, 240_000);

test('a rehearsal of any command changes no row of any table and publishes nothing', async () => {
  const prepared = await inLanes(
    LANES,
    commands().map((title) => () => prepare(title)),
  );
  const before = await atRest();
  const refused: string[] = [];
  for (const one of prepared) {
    const { status, text } = await rehearse(one);
    expect({ ...one, isFault: status >= 500 }).toEqual({ ...one, isFault: false });
    if (!isRehearsable(one.title)) expect({ title: one.title, status }).not.toMatchObject({ status: 200 });
    else if (status >= 300) refused.push(`${one.title} ${status} ${text}`);
  }
  expect(await everything()).toEqual(before);
  expect(refused).toEqual([]);
}, 240_000);
