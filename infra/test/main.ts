import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runEmbedded } from './embedded.ts';
import { runOnEngines } from './engines.ts';
import { close, type Count } from './runs.ts';

/**
 * `npm test`: checks and tests on the embedded engines. `npm run test:engines` (--engines): those on real ones instead. `npm test -- --then-engines`: both, the
 * second only when the first left time for it. The last line counts everything.
 */
const ENGINES_UNTIL_MINUTES = 30;

const { values } = parseArgs({
  options: { engines: { type: 'boolean', default: false }, 'then-engines': { type: 'boolean', default: false } },
});
const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-results-'));
const started = performance.now();

const engines = async (): Promise<Count[]> => {
  const minutes = (performance.now() - started) / 60_000;
  if (minutes < ENGINES_UNTIL_MINUTES) return runOnEngines(folder).catch(notRun);
  console.log(
    `LEFT OUT  real engines: the tests before took ${minutes.toFixed(0)} minutes, and these need half an hour. npm run test:engines runs them.`,
  );
  return [];
};

/** An engine that cannot be fetched or started: what passed before is told all the same. */
const notRun = (error: unknown): Count[] => {
  console.error(`FAILED  real engines: ${error instanceof Error ? error.message : String(error)}`);
  return [{ passed: 0, failed: 1, skipped: 0 }];
};

const counts: Count[] = [];
try {
  if (!values.engines) counts.push(...(await runEmbedded(folder)));
  if (values.engines || values['then-engines']) counts.push(...(await engines()));
} finally {
  await rm(folder, { recursive: true, force: true });
}
close(counts);
