import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createAccess } from '../../infra/platform/access.ts';
import { startTestBroker, type TestBroker } from '../../infra/test/broker.ts';
import { freshDatabase } from '../../infra/test/platform.ts';
import { createClient } from '../chassis/client.ts';
import { eventsContract } from './contract.ts';
import { environment, range, until } from './testing.ts';

const access = createAccess();
const secret = `whsec_${randomBytes(32).toString('base64')}`;
let folder: string;
let databaseUrl: string;
let broker: TestBroker;
let n8n: Server;
const resumed: string[] = [];
/** Called with each request before it is answered. */
let onRequest: (waitId: string) => void = () => undefined;
let served: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'events-kill-'));
  databaseUrl = await freshDatabase();
  broker = await startTestBroker(folder);
  // As n8n: an execution runs on once, and whoever asks again is told so.
  n8n = createServer((request, response) => {
    const waitId = String(request.headers['webhook-id']);
    request.resume();
    onRequest(waitId);
    if (resumed.includes(waitId))
      return response.writeHead(409).end('{"message":"The execution has finished already."}');
    resumed.push(waitId);
    return response.end('{}');
  });
  await new Promise<void>((resolve) => n8n.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  served?.kill('SIGKILL');
  n8n.close();
  await broker.down();
  await rm(folder, { recursive: true, force: true });
});

/** The service in a process of its own; `laterMs` ahead, so that what the dead had taken is free again. */
const startProcess = async (laterMs: number): Promise<string> => {
  const script = fileURLToPath(new URL('../../infra/test/service-process.ts', import.meta.url));
  served = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      ...environment,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      DATABASE_URL: databaseUrl,
      KAFKA: broker.address,
      ACCESS: JSON.stringify(access),
      LATER_MS: String(laterMs),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!served.stdout) throw new Error('the output of the process is read');
  for await (const line of createInterface({ input: served.stdout }))
    if (line.startsWith('serves ')) return line.slice('serves '.length);
  throw new Error('the process ended before it served');
};
const kill = async (): Promise<void> => {
  const dying = served;
  dying?.kill('SIGKILL');
  if (dying && dying.exitCode === null && dying.signalCode === null) await once(dying, 'exit');
};

test('kill -9 while 20 journeys are being resumed: each runs on exactly once, and each wait ends', async () => {
  const { port } = n8n.address() as AddressInfo;
  let client = createClient(eventsContract, { url: await startProcess(0), credential: access.adminKey });
  const waits = await Promise.all(
    range(20).map((n) =>
      client.createWait({
        step: `step-${n}`,
        eventTypes: ['custom.killed'],
        value: `cus_${n}`,
        timeoutSeconds: 3_600,
        workflowId: 'w1',
        executionId: String(n),
        resumeUrl: `http://127.0.0.1:${port}/webhook-waiting/${n}`,
        secret,
      }),
    ),
  );
  const killed = new Promise<void>((resolve, reject) => {
    let requests = 0;
    onRequest = () => {
      requests += 1;
      if (requests === 8) kill().then(resolve, reject);
    };
  });
  const publish = (n: number) => client.publishEvent({ type: 'custom.killed', subject: `cus_${n}`, data: { n } });
  for (const n of range(20)) await publish(n).catch(() => undefined);
  await killed;
  client = createClient(eventsContract, { url: await startProcess(120_000), credential: access.adminKey });
  // What the dead process did not take; what it did comes twice, and changes nothing.
  for (const n of range(20)) await publish(n);
  await until(async () => (await client.listWaits({ state: 'resumed', limit: 200 })).items.length === 20);
  expect(resumed.toSorted()).toEqual(waits.map(({ id }) => id).toSorted());
});
