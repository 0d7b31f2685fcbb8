/**
 * `npm run bench:journeys`: journeys from order.created to confirmed in a real n8n: our template, the same way drawn with n8n's own Kafka Trigger and HTTP
 * Request nodes, and an empty workflow. Orders are placed while no workflow runs; then one is switched on and works them off, so the clock and
 * the processor times know nothing of the placing. Every round is run twice, in opposite order. BENCH_JOURNEYS=N orders each (200).
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fraudContract } from '../../ai/fraud/contract.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { journeyCredentials } from '../local/journeys.ts';
import { silentProgress } from '../local/progress.ts';
import { sameServer } from '../local/postgres.ts';
import { signIn } from '../n8n/client.ts';
import { startN8n } from '../n8n/index.ts';
import { readJourneys, type WorkflowFile } from '../n8n/journeys.ts';
import { follow, placeOrders, untilConfirmed, untilConsumed } from './journeys/orders.ts';
import { emptyJourney, ownJourney } from './journeys/workflows.ts';
import { cpuTimeOf } from './lib/cpu.ts';
import { setupClient } from './lib/in-process.ts';
import { summarize } from './lib/load.ts';
import { startBenchPlatform } from './lib/platform.ts';
import { printCheck, printHead } from './lib/report.ts';
import { openShop } from './lib/shop.ts';

const ORDERS = Math.ceil(Number(process.env['BENCH_JOURNEYS'] ?? 200) / 2);
/** Enough that every partition has had one: n8n's own trigger knows its place on those only. */
const WARM_UP = 60;
const ALONE = 25;
const PATIENCE_MS = 300_000;
const owner = { email: 'bench@example.com', password: 'Journeys1' };

interface Variant {
  what: string;
  workflow: WorkflowFile;
  confirms: boolean;
  seconds: number;
  journeys: number;
  alone: number[];
  cpu: { n8n: number; platform: number; postgres: number } | undefined;
}

printHead(`Journeys: twice ${ORDERS} orders each from a backlog, then ${2 * ALONE} one at a time`);
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
const log = createLogger({ level: 'fatal', service: 'bench' });
const kafka = createKafka({ brokers: platform.kafka, clientId: 'bench', log });
const editor = await signIn(n8n.url, owner);

/** Our credentials and those of n8n's own nodes; answers how a node refers to one. */
const putCredentials = async (): Promise<(type: string) => NonNullable<WorkflowFile['nodes'][0]['credentials']>> => {
  const { url, kafka: brokers, adminKey: key } = platform;
  await n8n.publish(journeyCredentials({ url, kafka: brokers, key }), []);
  const kafkaData = { clientId: 'bench', brokers: brokers.join(','), ssl: false, authentication: false };
  await editor.post('/credentials', { name: 'Bench Kafka', type: 'kafka', data: kafkaData });
  const header = { name: 'Authorization', value: `Bearer ${key}` };
  await editor.post('/credentials', { name: 'Bench Header', type: 'httpHeaderAuth', data: header });
  const known = await editor.get<{ id: string; name: string; type: string }[]>('/credentials');
  return (type) => {
    const found = known.find((one) => one.type === type);
    return { [type]: { id: found?.id ?? '', name: found?.name ?? '' } };
  };
};

const variants = async (): Promise<Variant[]> => {
  const credential = await putCredentials();
  const template = (await readJourneys()).find(({ name }) => name === 'order-to-confirmation')?.workflow;
  if (!template) throw new Error('The template order-to-confirmation is not there.');
  const nodes = template.nodes.map((node) =>
    node.credentials ? { ...node, credentials: credential(Object.keys(node.credentials)[0] ?? '') } : node,
  );
  const settings = { ...template.settings, errorWorkflow: undefined };
  const empty = { what: 'empty: trigger to NoOp', workflow: emptyJourney(credential('fusionCommerceKafka')) };
  const ours = { what: 'our template', workflow: { ...template, id: 'bench-ours', nodes, settings } };
  const own = {
    what: "n8n's own nodes",
    workflow: ownJourney(credential('kafka'), credential('httpHeaderAuth'), platform.url),
  };
  return [empty, own, ours].map((variant) => ({
    ...variant,
    confirms: variant !== empty,
    seconds: 0,
    journeys: 0,
    alone: [],
    cpu: { n8n: 0, platform: 0, postgres: 0 },
  }));
};

const activate = async ({ id }: WorkflowFile): Promise<void> => {
  const { versionId } = await editor.get<{ versionId: string }>(`/workflows/${id}`);
  await editor.post(`/workflows/${id}/activate`, { versionId });
};
const deactivate = async ({ id }: WorkflowFile): Promise<void> => {
  await editor.post(`/workflows/${id}/deactivate`, {});
  await sleep(2_000); // the consumer group dissolves
};

const confirmed = (orders: readonly string[], everyMs = 200) =>
  untilConfirmed(platform.databaseUrl, orders, { everyMs, patienceMs: PATIENCE_MS });
const groupOf = ({ id, nodes }: WorkflowFile): string => `fusioncommerce.${id}.${nodes[0]?.id ?? ''}`;

/** Processor seconds so far: n8n is below this process, the platform is its child too, and PostgreSQL is below that. */
const cpuNow = () => {
  const [all, theirs] = [cpuTimeOf(process.pid), cpuTimeOf(platform.pid)];
  if (!all || !theirs) return undefined;
  return { platform: theirs.own, postgres: theirs.below, n8n: all.below - theirs.own - theirs.below };
};

/** One round of one variant: warm, a backlog worked off, then orders one at a time. */
const round = async (variant: Variant, skus: readonly string[]): Promise<void> => {
  const { workflow, confirms } = variant;
  await activate(workflow);
  await sleep(5_000); // the consumer group forms
  const warm = await placeOrders(platform, kafka, skus, WARM_UP);
  await (confirms ? confirmed(warm) : untilConsumed(kafka, groupOf(workflow), PATIENCE_MS));
  await deactivate(workflow);

  const placed = await placeOrders(platform, kafka, skus, ORDERS);
  await sleep(3_000); // reactions to the orders end
  const before = cpuNow();
  await activate(workflow);
  const started = Date.now();
  const last = await (confirms ? backlog(variant, placed) : untilConsumed(kafka, groupOf(workflow), PATIENCE_MS));
  const after = cpuNow();
  variant.seconds += (last - started) / 1000;
  variant.journeys += ORDERS;
  if (!before || !after || !variant.cpu) variant.cpu = undefined;
  else for (const part of ['n8n', 'platform', 'postgres'] as const) variant.cpu[part] += after[part] - before[part];

  for (let index = 0; confirms && index < ALONE; index += 1) {
    const one = await placeOrders(platform, kafka, skus, 1);
    await confirmed(one, 20);
    variant.alone.push(...(await follow(kafka, one)).taken);
  }
  await deactivate(workflow);
};

const backlog = async ({ what }: Variant, placed: readonly string[]): Promise<number> => {
  const all = await confirmed(placed);
  const { last, taken } = await follow(kafka, placed);
  printCheck(`${what}: orders confirmed`, all && taken.length === placed.length, `${taken.length} of ${placed.length}`);
  return last;
};

const report = ({ what, seconds, journeys, alone, cpu }: Variant): void => {
  const { p50, p99 } = summarize(Float64Array.from(alone), 1);
  const each = (spent: number): string => `${((spent * 1_000) / journeys).toFixed(0)} ms`;
  console.log(
    [
      what.padEnd(24),
      `${(journeys / seconds).toFixed(1).padStart(6)} journeys/s`,
      alone.length > 0 ? `alone p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (${alone.length})` : '',
      cpu ? `of one core: n8n ${each(cpu.n8n)}, platform ${each(cpu.platform)}, PostgreSQL ${each(cpu.postgres)}` : '',
    ]
      .filter(Boolean)
      .join('  '),
  );
};

try {
  const { skus } = await openShop(platform, { products: 20, stock: 1_000_000 });
  const all = await variants();
  for (const { workflow } of all) {
    const { active: _active, ...content } = workflow;
    await editor.post('/workflows', content);
  }
  // Nobody is there to decide reviews.
  const calm = { alwaysReviewFrom: 1, reviewCosts: [{ amount: 1_000_000, currency: 'EUR' }] };
  await setupClient(fraudContract, platform).setPolicy(calm);
  for (const variant of [...all, ...all.toReversed()]) await round(variant, skus);
  console.log(
    '\nFrom the moment a workflow is switched on to the last journey of its backlog (the consumer group joins meanwhile); p50 and p99 from order.created to order.confirmed, one order at a time.',
  );
  all.forEach(report);
  const rate = (index: number): number => (all[index]?.journeys ?? 0) / (all[index]?.seconds ?? 1);
  console.log(
    `ours: ${(rate(2) / rate(1)).toFixed(2)} of n8n's own nodes, ${(rate(2) / rate(0)).toFixed(2)} of the empty workflow`,
  );
  console.log(
    "n8n's own trigger starts an execution for every event of the topic and filters inside; ours does more for an order (reviews, compensation, messages).",
  );
  for (const [what, audit] of Object.entries({
    stock: await setupClient(inventoryContract, platform).auditStock({}),
    ledger: await setupClient(walletContract, platform).auditLedger({}),
    orders: await setupClient(ordersContract, platform).auditOrders({}),
  }))
    printCheck(`audit of ${what}`, audit.consistent, audit.consistent ? 'holds' : audit);
} finally {
  await n8n.stop();
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
}
