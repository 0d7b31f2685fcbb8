/**
 * `npm run bench:journeys`: journeys from order.created to confirmed in a real n8n: our template, the same way drawn with n8n's own Kafka Trigger and HTTP
 * Request nodes, and an empty workflow as the limit. Every order must be confirmed, and the audits must hold. BENCH_JOURNEYS=N orders each.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { fraudContract } from '../../ai/fraud/contract.ts';
import { ownEvents } from '../faults/audit.ts';
import { journeyCredentials } from '../local/journeys.ts';
import { sameServer } from '../local/postgres.ts';
import { silentProgress } from '../local/progress.ts';
import { signIn } from '../n8n/client.ts';
import { startN8n } from '../n8n/index.ts';
import { readJourneys, type WorkflowFile } from '../n8n/journeys.ts';
import { cpuTimeOf } from './lib/cpu.ts';
import { openHttp } from './lib/http.ts';
import { setupClient } from './lib/in-process.ts';
import { summarize, type Measured } from './lib/load.ts';
import { startBenchPlatform } from './lib/platform.ts';
import { printCheck, printHead, printRatio, printTable } from './lib/report.ts';
import { fundOwners, openShop, registerCustomers } from './lib/shop.ts';
import { emptyJourney, ownJourney } from './journeys/workflows.ts';

const ORDERS = Number(process.env['BENCH_JOURNEYS'] ?? 200);
const PATIENCE_MS = 300_000;
const ADDRESS = { name: 'Bench Customer', line1: 'Lindenstraße 1', city: 'Berlin', postalCode: '10969', country: 'DE' };
const owner = { email: 'bench@example.com', password: 'Journeys1' };

printHead(`Journeys: ${ORDERS} orders each, all placed at once, then one at a time`);
const platform = await startBenchPlatform();
const folder = await mkdtemp(join(tmpdir(), 'bench-n8n-'));
const n8n = await startN8n({
  host: '127.0.0.1',
  port: 0,
  userFolder: folder,
  databaseUrl: sameServer(platform.databaseUrl, 'n8n'),
  encryptionKey: randomUUID(),
  owner,
  templatesUrl: platform.url,
  progress: silentProgress,
});
const kafka = createKafka({
  brokers: platform.kafka,
  clientId: 'bench',
  log: createLogger({ level: 'fatal', service: 'bench' }),
});
try {
  await run();
} finally {
  await n8n.stop();
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const editor = await signIn(n8n.url, owner);
  const key = platform.adminKey;
  await n8n.publish(journeyCredentials({ url: platform.url, kafka: platform.kafka, key }), []);
  for (const credential of [
    {
      name: 'Bench Kafka',
      type: 'kafka',
      data: { clientId: 'bench', brokers: platform.kafka.join(','), ssl: false, authentication: false },
    },
    { name: 'Bench Header', type: 'httpHeaderAuth', data: { name: 'Authorization', value: `Bearer ${key}` } },
  ])
    await editor.post('/credentials', credential);
  const known = await editor.get<{ id: string; name: string; type: string }[]>('/credentials');
  const credential = (type: string) => {
    const found = known.find((one) => one.type === type);
    return { [type]: { id: found?.id ?? '', name: found?.name ?? '' } };
  };
  const template = (await readJourneys()).find(({ name }) => name === 'order-to-confirmation')?.workflow;
  if (!template) throw new Error('The template order-to-confirmation is not there.');
  const ours = withCredentials({
    ...template,
    id: 'bench-ours',
    settings: { ...template.settings, errorWorkflow: undefined },
  });

  const { skus } = await openShop(platform, { products: 20, stock: 1_000_000 });
  await setupClient(fraudContract, platform).setPolicy({
    alwaysReviewFrom: 1,
    reviewCosts: [{ amount: 1_000_000, currency: 'EUR' }],
  });
  const empty = await measure('empty', emptyJourney(credential('fusionCommerceKafka')), false);
  const own = await measure(
    "n8n's own",
    ownJourney(credential('kafka'), credential('httpHeaderAuth'), platform.url),
    true,
  );
  const template_ = await measure('ours', ours, true);

  printTable([
    { what: 'order to confirmation, our template', measured: template_.full },
    { what: "the same with n8n's own nodes", measured: own.full },
    { what: 'empty: trigger to NoOp', measured: empty.full },
    { what: 'one order at a time: our template', measured: template_.alone },
    { what: "one order at a time: n8n's own nodes", measured: own.alone },
  ]);
  console.log('\np50 and p99 are milliseconds from order.created to order.confirmed (empty: none).');
  for (const [what, { cpu }] of Object.entries({ ours: template_, "n8n's own": own, empty }))
    console.log(
      `where the time goes, ${what}: n8n ${cpu.n8n.toFixed(0)} ms, platform ${cpu.platform.toFixed(0)} ms, PostgreSQL ${cpu.postgres.toFixed(0)} ms of one core a journey`,
    );
  printRatio("ours, beside n8n's own nodes", template_.full, own.full);
  printRatio('ours, beside the empty workflow', template_.full, empty.full);
  for (const [what, audit] of Object.entries({
    stock: await setupClient(inventoryContract, platform).auditStock({}),
    ledger: await setupClient(walletContract, platform).auditLedger({}),
    orders: await setupClient(ordersContract, platform).auditOrders({}),
  }))
    printCheck(`audit of ${what}`, audit.consistent, audit.consistent ? 'holds' : audit);

  function withCredentials(workflow: WorkflowFile): WorkflowFile {
    return {
      ...workflow,
      nodes: workflow.nodes.map((node) =>
        node.credentials ? { ...node, credentials: credential(Object.keys(node.credentials)[0] ?? '') } : node,
      ),
    };
  }

  /** Publishes only this workflow and drives orders through it: all at once, then some one at a time. */
  async function measure(what: string, workflow: WorkflowFile, confirms: boolean) {
    const { active: _active, ...content } = workflow;
    const { versionId } = await editor.post<{ versionId: string }>('/workflows', content);
    await editor.post(`/workflows/${workflow.id}/activate`, { versionId });
    await sleep(5_000); // the consumer group forms
    await throughAll(await place(4), confirms, workflow); // warm
    const before = cpuNow();
    const started = performance.now();
    const placed = await place(ORDERS);
    const times = await throughAll(placed, confirms, workflow);
    const full = summarize(times, (performance.now() - started) / 1000);
    const after = cpuNow();
    const alone = confirms ? await oneByOne(20, workflow) : full;
    await editor.post(`/workflows/${workflow.id}/deactivate`, {});
    const each = (part: keyof typeof after): number => ((after[part] - before[part]) * 1_000) / ORDERS;
    if (confirms) printCheck(`${what}: orders confirmed`, times.length === ORDERS, `${times.length} of ${ORDERS}`);
    return { full, alone, cpu: { n8n: each('n8n'), platform: each('platform'), postgres: each('postgres') } };
  }

  async function oneByOne(count: number, workflow: WorkflowFile): Promise<Measured> {
    const started = performance.now();
    const times: number[] = [];
    for (let index = 0; index < count; index += 1) times.push(...(await throughAll(await place(1), true, workflow)));
    return summarize(Float64Array.from(times), (performance.now() - started) / 1000);
  }

  /** New customers each time: many orders of one within minutes are what the fraud score looks for. */
  async function place(count: number): Promise<string[]> {
    const http = openHttp(platform.url, platform.adminKey, 8);
    const customers = await registerCustomers(platform, count);
    await fundOwners(platform, customers, 1_000_000);
    const ids: string[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < count) {
        const index = next++;
        const body = {
          currency: 'EUR',
          customerId: customers[index],
          shippingAddress: ADDRESS,
          lines: [{ sku: skus[index % skus.length], quantity: 1 }],
        };
        const quote = await http.expect<{ id: string }>('POST', '/v1/quotes', body, randomUUID());
        ids.push((await http.expect<{ id: string }>('POST', '/v1/orders', { quoteId: quote.id }, randomUUID())).id);
      }
    };
    await Promise.all(Array.from({ length: Math.min(8, count) }, worker));
    return ids;
  }

  /** Waits until every journey ended; answers the milliseconds from order.created to order.confirmed of each. */
  async function throughAll(orders: string[], confirms: boolean, workflow: WorkflowFile): Promise<Float64Array> {
    const end = performance.now() + PATIENCE_MS;
    if (!confirms) {
      await untilConsumed(workflow, orders, end);
      return new Float64Array(orders.length);
    }
    for (;;) {
      const { rows } = await confirmedAmong(orders);
      if (rows === orders.length || performance.now() > end) break;
      await sleep(orders.length === 1 ? 20 : 200);
    }
    const events = await ownEvents({ kafka }, 'commerce.orders');
    const at = (type: string) =>
      new Map(events.filter((event) => event.type === type).map((event) => [event.subject, Date.parse(event.time)]));
    const [created, confirmed] = [at('order.created'), at('order.confirmed')];
    const taken = orders.flatMap((id) => {
      const [from, to] = [created.get(id), confirmed.get(id)];
      return from === undefined || to === undefined ? [] : [to - from];
    });
    return Float64Array.from(taken);
  }

  async function confirmedAmong(orders: string[]): Promise<{ rows: number }> {
    const client = setupClient(ordersContract, platform);
    let rows = 0;
    if (orders.length === 1) rows = (await client.getOrder({ orderId: orders[0] ?? '' })).state === 'confirmed' ? 1 : 0;
    else {
      const wanted = new Set(orders);
      for (let cursor: string | undefined; ;) {
        const page = await client.listOrders({ state: 'confirmed', limit: 200, ...(cursor ? { cursor } : {}) });
        rows += page.items.filter(({ id }) => wanted.has(id)).length;
        if (page.nextCursor === null || rows === orders.length) break;
        cursor = page.nextCursor;
      }
    }
    return { rows };
  }

  /**
   * The trigger commits what is finished: when its group stands at the end of every partition that it has read from, all executions have ended. Partitions
   * without an event since it began have no offset.
   */
  async function untilConsumed(workflow: WorkflowFile, placed: readonly string[], end: number): Promise<void> {
    const groupId = `fusioncommerce.${workflow.id}.${workflow.nodes[0]?.id ?? ''}`;
    const published = async (): Promise<boolean> => {
      const subjects = new Set((await ownEvents({ kafka }, 'commerce.orders')).map(({ subject }) => subject));
      return placed.every((orderId) => subjects.has(orderId));
    };
    while (!(await published())) await sleep(100);
    const admin = kafka.admin();
    await admin.connect();
    try {
      while (performance.now() < end) {
        const ends = await admin.fetchTopicOffsets('commerce.orders');
        const [group] = await admin.fetchOffsets({ groupId, topics: ['commerce.orders'] });
        const read = (group?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
        const behind = read.filter(
          ({ partition, offset }) =>
            Number(offset) < Number(ends.find((one) => one.partition === partition)?.high ?? 0),
        );
        if (read.length > 0 && behind.length === 0) return;
        await sleep(50);
      }
      throw new Error(`${workflow.name} did not get through its events.`);
    } finally {
      await admin.disconnect();
    }
  }
}

/** Processor seconds so far: n8n is below this process, the platform is its child too and PostgreSQL is below that. */
function cpuNow() {
  const all = cpuTimeOf(process.pid);
  const theirs = cpuTimeOf(platform.pid);
  const platformTime = theirs?.own ?? 0;
  const postgres = theirs?.below ?? 0;
  return { platform: platformTime, postgres, n8n: (all?.below ?? 0) - platformTime - postgres };
}
