import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { catalog } from '../../microservices/catalog/index.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { inventoryAway } from '../test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { sendRaw } from './raw-request.ts';

let platform: TestPlatform;
let served: ChildProcess | undefined;
let url = '';
/** What the process printed, line by line. */
const printed: string[] = [];

const until = untilWithin(20_000);

beforeAll(async () => {
  platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway] });
  served = spawn(process.execPath, [fileURLToPath(new URL('./catalog-process.ts', import.meta.url))], {
    env: {
      ...process.env,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      DATABASE_URL: platform.databaseUrl,
      KAFKA: platform.kafka.join(','),
      ACCESS: JSON.stringify(platform.access),
      REMOTE_URL: inventoryAway.url,
      LOG_LEVEL: 'trace',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (served.stdout) createInterface({ input: served.stdout }).on('line', (line) => printed.push(line));
  const address = (): string | undefined => printed.find((line) => line.startsWith('serves '))?.slice('serves '.length);
  url = (await until('the process serves', address, (found) => found !== undefined)) ?? '';
  // Every category is refused by the database, in an error that repeats its values.
  await platform
    .database('catalog')
    .run('ALTER TABLE category ADD CONSTRAINT nothing_fits CHECK (position = -1) NOT VALID');
});
afterAll(async () => {
  // Where the platform did not start there is no process either.
  served?.kill('SIGKILL');
  if (served?.exitCode === null && served.signalCode === null) await once(served, 'exit');
  await platform?.stop();
});

const FORGED = '{"level":60,"msg":"forged"}';
const SECRET = 'ada.lovelace@example.com';

/** Sends a category with a description, and header lines as they are. */
const send = (description: string, headers: readonly string[]) => {
  const body = JSON.stringify({ slug: `c-${printed.length}`, title: { en: 'Mugs' }, description: { en: description } });
  const head = [
    'POST /v1/categories HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    `Authorization: Bearer ${platform.adminKey}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  return sendRaw(url, Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'), { waits: true });
};

const HEADERS = ['x-correlation-id', 'user-agent', 'traceparent', 'x-forwarded-for', 'idempotency-key', 'x-journey'];
const VALUES = [FORGED, `"},${FORGED},{"`, 'a\\n\\r', 'a\u0001b', '\u001b[2Jb', `${SECRET}`, 'x'.repeat(3_000)];

interface Line {
  level?: unknown;
  service?: unknown;
  time?: unknown;
  msg?: unknown;
}

test('S11: whatever headers and texts hold, each line of the log is one entry of ours and repeats none of it', async () => {
  const faults = (): number => printed.filter((line) => line.includes('an operation failed unexpectedly')).length;
  const plain = await send(`${SECRET}\n${FORGED}\n`, []);
  expect([plain.status, plain.text]).toEqual([500, expect.stringContaining('INTERNAL')]);
  let failed = 1;
  for (const name of HEADERS)
    for (const value of VALUES) {
      const { status } = await send(`${SECRET}\n${FORGED}\n`, [`${name}: ${value}`]);
      if (status === 500) failed += 1;
      else expect([name, value, status ?? 400]).toEqual([name, value, 400]);
    }
  // Most of these requests reach the database, and each that fails there is in the log.
  expect(failed).toBeGreaterThan(HEADERS.length * 3);
  await until('every failure is in the log', faults, (count) => count === failed);
  const entries = printed.filter((line) => !line.startsWith('serves ')).map((line) => JSON.parse(line) as Line);
  const foreign = entries.filter(({ level, service, time, msg }) => {
    return typeof level !== 'number' || typeof service !== 'string' || typeof time !== 'string' || msg === 'forged';
  });
  expect(foreign).toEqual([]);
  // A caller's own correlation id is the one thing that is kept as it came.
  const repeated = printed.filter((line) => line.replace(/"correlationId":"[^"]*"/, '').includes(SECRET));
  expect(repeated).toEqual([]);
  expect(printed.join('').search(/[\u0000-\u001f\u007f]/)).toBe(-1);
});
