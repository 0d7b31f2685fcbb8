/**
 * `npm run bench:journeys`: journeys from order.created to confirmed in a real n8n: our template, the same way drawn
 * with n8n's own Kafka Trigger and HTTP Request nodes, and an empty workflow. Orders are placed while no workflow runs;
 * then one is switched on and works them off, so the clock and the processor times know nothing of the placing. Every
 * round is run twice, in opposite order. BENCH_JOURNEYS=N orders each (200).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import type { WorkflowFile } from '../n8n/journeys.ts';
import { follow, placeOrders, untilConfirmed, untilConsumed } from './journeys/orders.ts';
import {
  connect,
  groupOf,
  openEditor,
  ourTemplate,
  spentEach,
  spentSoFar,
  startCalmPlatform,
  type CredentialOf,
  type Spent,
} from './journeys/stage.ts';
import { emptyJourney, ownJourney } from './journeys/workflows.ts';
import { setupClient } from './lib/in-process.ts';
import { summarize } from './lib/load.ts';
import { printCheck, printHead } from './lib/report.ts';
import { openShop } from './lib/shop.ts';

const ORDERS = Math.ceil(Number(process.env['BENCH_JOURNEYS'] ?? 200) / 2);
/** Enough that every partition has had one: n8n's own trigger knows its place on those only. */
const WARM_UP = 60;
const ALONE = 25;
const PATIENCE_MS = 300_000;

interface Variant {
  what: string;
  workflow: WorkflowFile;
  confirms: boolean;
  seconds: number;
  alone: number[];
  /** Of each round; none without /proc. */
  spent: Spent[];
}

printHead(`Journeys: twice ${ORDERS} orders each from a backlog, then ${2 * ALONE} one at a time`);
const platform = await startCalmPlatform();
const kafka = connect(platform);
const editor = await openEditor(platform);

const variants = async (credential: CredentialOf): Promise<Variant[]> => {
  const variant = (what: string, workflow: WorkflowFile, confirms = true): Variant => ({
    ...{ what, workflow, confirms },
    ...{ seconds: 0, alone: [], spent: [] },
  });
  return [
    variant('empty: trigger to NoOp', emptyJourney(credential('fusionCommerceKafka')), false),
    variant("n8n's own nodes", ownJourney(credential('kafka'), credential('httpHeaderAuth'), platform.url)),
    variant('our template', await ourTemplate(credential)),
  ];
};

const confirmed = (orders: readonly string[], everyMs = 200) =>
  untilConfirmed(platform.databaseUrl, orders, { everyMs, patienceMs: PATIENCE_MS });

/** One round of one variant: warm, a backlog worked off, then orders one at a time. */
const round = async (variant: Variant, skus: readonly string[]): Promise<void> => {
  const { workflow, confirms } = variant;
  await editor.activate(workflow);
  await sleep(5_000); // the consumer group forms
  const warm = await placeOrders(platform, kafka, skus, WARM_UP);
  await (confirms ? confirmed(warm) : untilConsumed(kafka, groupOf(workflow), PATIENCE_MS));
  await editor.deactivate(workflow);

  const placed = await placeOrders(platform, kafka, skus, ORDERS);
  await sleep(3_000); // reactions to the orders end
  const before = spentSoFar(platform);
  await editor.activate(workflow);
  const started = Date.now();
  const last = await (confirms ? backlog(variant, placed) : untilConsumed(kafka, groupOf(workflow), PATIENCE_MS));
  const after = spentSoFar(platform);
  variant.seconds += (last - started) / 1000;
  if (before && after) variant.spent.push(spentEach(before, after, ORDERS));

  for (let index = 0; confirms && index < ALONE; index += 1) {
    const one = await placeOrders(platform, kafka, skus, 1);
    await confirmed(one, 20);
    variant.alone.push(...(await follow(kafka, one)).taken);
  }
  await editor.deactivate(workflow);
};

const backlog = async ({ what }: Variant, placed: readonly string[]): Promise<number> => {
  const all = await confirmed(placed);
  const { last, taken } = await follow(kafka, placed);
  printCheck(`${what}: orders confirmed`, all && taken.length === placed.length, `${taken.length} of ${placed.length}`);
  return last;
};

const rateOf = ({ seconds }: Variant): number => (2 * ORDERS) / seconds;

const report = (variant: Variant): void => {
  const { what, alone, spent } = variant;
  const { p50, p99 } = summarize(Float64Array.from(alone), 1);
  const mean = (part: keyof Spent): string =>
    `${(spent.reduce((sum, one) => sum + one[part], 0) / spent.length).toFixed(0)} ms`;
  console.log(
    [
      what.padEnd(24),
      `${rateOf(variant).toFixed(1).padStart(6)} journeys/s`,
      alone.length > 0 ? `alone p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (${alone.length})` : '',
      spent.length > 0
        ? `of one core: n8n ${mean('n8n')}, platform ${mean('platform')}, PostgreSQL ${mean('postgres')}`
        : '',
    ]
      .filter(Boolean)
      .join('  '),
  );
};

try {
  const { skus } = await openShop(platform, { products: 20, stock: 1_000_000 });
  const all = await variants(editor.credential);
  for (const { workflow } of all) await editor.add(workflow);
  for (const variant of [...all, ...all.toReversed()]) await round(variant, skus);
  console.log(
    '\nFrom the moment a workflow is switched on to the last journey of its backlog (the consumer group joins meanwhile); p50 and p99 from order.created to order.confirmed, one order at a time.',
  );
  all.forEach(report);
  const [empty = 1, theirs = 1, ours = 1] = all.map(rateOf);
  console.log(
    `ours: ${(ours / theirs).toFixed(2)} of n8n's own nodes, ${(ours / empty).toFixed(2)} of the empty workflow`,
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
  await editor.stop();
  await platform.stop();
}
