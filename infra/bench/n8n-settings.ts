/**
 * `npm run bench:n8n-settings`: what a setting of n8n costs or brings for our order journey. Each candidate is one
 * change to how the platform runs n8n (infra/n8n/environment.ts) or to the template; a fresh n8n works off the same
 * number of orders from a backlog with it. The default runs first, in the middle and last, so that the machine's own
 * swing shows. Processor time is the measure: it swings less than the clock. BENCH_JOURNEYS=N orders each (100),
 * BENCH_ONLY='in flight|young' picks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_IN_FLIGHT } from '../../nodes/Trigger/settings.ts';
import type { WorkflowFile } from '../n8n/journeys.ts';
import { placeOrders, untilConfirmed, follow } from './journeys/orders.ts';
import { connect, openEditor, ourTemplate, spentEach, spentSoFar, startCalmPlatform } from './journeys/stage.ts';
import { printCheck, printHead } from './lib/report.ts';
import { openShop } from './lib/shop.ts';

const ORDERS = Number(process.env['BENCH_JOURNEYS'] ?? 100);
const ONLY = new RegExp(process.env['BENCH_ONLY'] ?? '');
const WARM_UP = 40;
const PATIENCE_MS = 300_000;

interface Candidate {
  what: string;
  environment?: Record<string, string>;
  /** Changes the template. */
  change?: (workflow: WorkflowFile) => WorkflowFile;
}

const inFlight = (maxInFlight: number): Candidate => ({
  what: `trigger: ${maxInFlight} in flight (default ${MAX_IN_FLIGHT})`,
  change: (workflow) => ({
    ...workflow,
    nodes: workflow.nodes.map((node) =>
      node.type.endsWith('.fusionCommerceTrigger')
        ? { ...node, parameters: { ...node.parameters, options: { maxInFlight } } }
        : node,
    ),
  }),
});

const saving = (what: string, settings: Record<string, unknown>): Candidate => ({
  what,
  change: (workflow) => ({ ...workflow, settings: { ...workflow.settings, ...settings } }),
});

const usual: Candidate = { what: 'as the platform runs it' };
const candidates: Candidate[] = [
  saving('successes not saved', { saveDataSuccessExecution: 'none' }),
  saving('progress saved after each node', { saveExecutionProgress: true }),
  inFlight(10),
  inFlight(25),
  inFlight(100),
  usual,
  { what: 'at most 10 executions in n8n', environment: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '10' } },
  { what: '2 database connections', environment: { DB_POSTGRESDB_POOL_SIZE: '2' } },
  { what: '20 database connections', environment: { DB_POSTGRESDB_POOL_SIZE: '20' } },
  { what: 'no metrics', environment: { N8N_METRICS: 'false' } },
  { what: '64 MB for young objects in V8', environment: { NODE_OPTIONS: '--max-semi-space-size=64' } },
];

printHead(`n8n's settings: ${ORDERS} orders of our template from a backlog, a fresh n8n each`);
const platform = await startCalmPlatform();
const kafka = connect(platform);

const run = async ({ what, environment, change }: Candidate, skus: readonly string[]): Promise<void> => {
  const editor = await openEditor(platform, environment);
  const confirmed = (orders: readonly string[]) =>
    untilConfirmed(platform.databaseUrl, orders, { everyMs: 200, patienceMs: PATIENCE_MS });
  try {
    const template = await ourTemplate(editor.credential);
    const workflow = change ? change(template) : template;
    await editor.add(workflow);
    await editor.activate(workflow);
    await sleep(5_000); // the consumer group forms
    await confirmed(await placeOrders(platform, kafka, skus, WARM_UP));
    await editor.deactivate(workflow);

    const placed = await placeOrders(platform, kafka, skus, ORDERS);
    await sleep(3_000); // reactions to the orders end
    const before = spentSoFar(platform);
    await editor.activate(workflow);
    const started = Date.now();
    const all = await confirmed(placed);
    const after = spentSoFar(platform);
    const { last } = await follow(kafka, placed);
    const spent = before && after && spentEach(before, after, ORDERS);
    const parts = spent
      ? `of one core: n8n ${spent.n8n.toFixed(0)} ms, platform ${spent.platform.toFixed(0)} ms, PostgreSQL ${spent.postgres.toFixed(0)} ms`
      : '';
    console.log(
      `${what.padEnd(36)} ${(ORDERS / ((last - started) / 1_000)).toFixed(1).padStart(6)} journeys/s  ${parts}`,
    );
    if (!all) printCheck(`${what}: orders confirmed`, false, 'not all in time');
    await editor.deactivate(workflow);
  } finally {
    await editor.stop();
  }
};

try {
  const { skus } = await openShop(platform, { products: 20, stock: 1_000_000 });
  const chosen = candidates.filter(({ what }) => ONLY.test(what));
  for (const candidate of [usual, ...chosen, usual]) await run(candidate, skus);
} finally {
  await platform.stop();
}
