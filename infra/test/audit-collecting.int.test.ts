import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inventoryAway } from './inventory-away.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import { customers } from '../../microservices/customers/index.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { audit } from '../../microservices/audit/index.ts';
import { auditClient, entriesOf } from './audit.ts';

const DAY_MS = 86_400_000;
let platform: TestPlatform;
let folder: string;
let days = 0;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  platform = await startTestPlatform({
    services: [customers, catalog, audit],
    remote: [inventoryAway],
    now: () => new Date(Date.now() + days * DAY_MS),
    environment: { AUDIT_CHECK_INTERVAL_MS: '200', AUDIT_KEEP_DAYS: '30' },
  });
});
afterAll(async () => {
  for (const one of processes) one.kill('SIGKILL');
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The same services in a process of their own, on the same database. */
const startProcess = async () => {
  const script = fileURLToPath(new URL('./audited-process.ts', import.meta.url));
  const served = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      DATABASE_URL: platform.databaseUrl,
      KAFKA: platform.kafka.join(','),
      REMOTE_URL: inventoryAway.url,
      ACCESS: JSON.stringify(platform.access),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.push(served);
  for await (const line of createInterface({ input: served.stdout })) {
    if (!line.startsWith('serves ')) continue;
    const url = line.slice('serves '.length);
    const kill = async (): Promise<void> => {
      served.kill('SIGKILL');
      if (served.exitCode === null && served.signalCode === null) await once(served, 'exit');
    };
    return { client: createClient(catalogContract, { url, credential: platform.adminKey }), kill };
  }
  throw new Error('the process ended before it served');
};

type Catalog = ReturnType<typeof createClient<typeof catalogContract>>;

/** Makes categories until a call fails, and returns the ids of those that were made. */
const make = async (client: Catalog, count: number): Promise<string[]> => {
  const made: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const slug = `c-${randomUUID()}`;
    const category = await client.createCategory({ slug, title: { en: slug } }).catch(() => undefined);
    if (!category) break;
    made.push(category.id);
  }
  return made;
};

const allCategories = () => platform.database('catalog').rows<{ id: string }>('SELECT id FROM category ORDER BY id');

const resourcesInTrail = async () =>
  (
    await platform
      .database('audit')
      .rows<{ resource: string }>(`SELECT resource FROM audit_entry WHERE operation = 'catalog.createCategory'`)
  ).map(({ resource }) => resource);

test('two processes record together, one is killed with -9: each command is in the trail exactly once', async () => {
  const other = await startProcess();
  const own = platform.client(catalogContract);
  const making = [own, other.client, other.client, own].map((client) => make(client, 20));
  // In the middle of both making and sending.
  await untilWithin(20_000)('the trail fills', resourcesInTrail, (found) => found.length > 10);
  await other.kill();
  const answered = (await Promise.all(making)).flat();
  const committed = (await allCategories()).map(({ id }) => id);
  expect(committed).toEqual(expect.arrayContaining(answered));
  // Lines of the dead go with those of the living: this is one more command.
  const [last = ''] = await make(own, 1);
  const expected = [...committed, last].toSorted();
  const found = await untilWithin(30_000)('all are there', resourcesInTrail, ({ length }) => length >= expected.length);
  expect(found.toSorted()).toEqual(expected);
  await untilWithin(20_000)(
    'no line waits any more',
    () => platform.database('catalog').rows('SELECT id FROM audit_log'),
    (lines) => lines.length === 0,
  );
  expect(await auditClient(platform).verifyTrail({})).toMatchObject({ whole: true });
  // Two starts and a process of its own, on a machine that may be busy.
}, 120_000);

const run = promisify(execFile);
const verifyOffline = async (...args: string[]) => {
  const script = fileURLToPath(new URL('../audit/main.ts', import.meta.url));
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args]).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (failed: { code: number; stdout: string; stderr: string }) => ({
      code: failed.code,
      said: `${failed.stdout}${failed.stderr}`,
    }),
  );
};

test('an export is verified without the platform, against an anchor that was kept', async () => {
  const anchor = await auditClient(platform).anchorTrail({});
  const kept = ['--anchor', `${anchor.position}:${anchor.hash}`];
  const response = await fetch(`${platform.url}/v1/audit/export`, {
    headers: { authorization: `Bearer ${platform.adminKey}` },
  });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = (await response.text()).split('\n');
  const file = join(folder, 'trail.ndjson');
  const verified = async (content: readonly string[], ...args: string[]) => {
    await writeFile(file, content.join('\n'));
    return verifyOffline(file, ...args);
  };
  const whole = await verified(lines, ...kept);
  expect([whole.code, /^Whole: \d+ entries, 1 to /.test(whole.said)]).toEqual([0, true]);
  const forged = lines.map((line, at) => (at === 3 ? line.replace('catalog.createCategory', 'catalog.forged') : line));
  expect((await verified(forged)).said).toMatch(/^Broken at entry 3 \(aud_\w+\): changed/);
  expect(await verified(lines.toSpliced(4, 1))).toMatchObject({ code: 1, said: 'Broken at entry 4: missing.\n' });
  expect((await verified(lines.slice(0, -2))).said).toContain('it is not whole');
  expect((await verified(lines, '--anchor', `${anchor.position}:${'0'.repeat(64)}`)).said).toContain('anchor_differs');
  const anybody = await fetch(`${platform.url}/v1/audit/export`);
  expect(anybody.status).toBe(401);
});

test('the page shows the trail on this machine, filtered, and refuses what is no filter', async () => {
  const page = async (query: string) => fetch(`${platform.url}/audit${query}`);
  const [id = ''] = await make(platform.client(catalogContract), 1);
  await entriesOf(platform, { resource: id }, 1);
  const shown = await (await page(`?resource=${id}`)).text();
  expect(shown).toContain('Create category');
  expect(await (await page('?resource=%3Cscript%3E')).text()).toContain('No entry fits.');
  expect((await page('?from=yesterday')).status).toBe(400);
  expect((await fetch(`${platform.url}/audit`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(403);
});

test('old entries go behind an anchor, and what is left is whole', async () => {
  const api = auditClient(platform);
  const before = await api.anchorTrail({});
  days = 31;
  for (const id of await make(platform.client(catalogContract), 3)) await entriesOf(platform, { resource: id }, 1);
  const [dropped] = await entriesOf(platform, { operation: 'trail.dropped' }, 1);
  expect(dropped?.resource?.split(':')[0]).toBe(String(before.position));
  const left = await untilWithin(20_000)(
    'the old rows are gone',
    () => platform.database('audit').rows<{ position: number }>('SELECT position FROM audit_entry ORDER BY position'),
    ([first]) => (first?.position ?? 0) > before.position,
  );
  expect(left[0]?.position).toBe(before.position + 1);
  expect(await api.verifyTrail({})).toMatchObject({ whole: true, start: { position: before.position } });
  // A beginning that the trail does not know of.
  await platform.database('audit').run(`DELETE FROM audit_entry WHERE position = $1`, [before.position + 1]);
  const broken = await platform.waitForEvent('audit.broken');
  expect(broken.data).toEqual({ position: before.position + 1, entryId: null, reason: 'missing' });
});
