import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runEmbedded } from './embedded.ts';
import { runOnEngines, type Extent } from './engines.ts';
import { check, close, root, type Check, type Count } from './runs.ts';
import { select, type Selection } from './select/selection.ts';

const USAGE = `Usage: npm test -- [--only NAME]... [--since REF]

Without options: every check and every test on the embedded engines. The last line counts everything.
--only NAME    checks and tests of a domain or model ("wallet", with its node), a folder, or a part of a file's path; may be repeated
--since REF    checks and tests that a change since this branch left REF can affect, by imports, programs, migrations and other files they read
--then-engines afterwards Schemathesis for a minute; then on real engines: the ports, one domain, the datastore nodes, the faults
--engines      all tests on real engines instead (npm run test:engines)`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    since: { type: 'string' },
    engines: { type: 'boolean', default: false },
    'then-engines': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

/** An engine that cannot be fetched or started: what passed before is counted all the same. */
const notRun = (error: unknown): Count[] => {
  console.error(`FAILED  real engines: ${error instanceof Error ? error.message : String(error)}`);
  return [{ passed: 0, failed: 1, skipped: 0 }];
};

const announce = ({ tests, sources }: Selection): void => {
  const onEngines = tests.filter((file) => file.endsWith('.engine.test.ts')).length;
  const left = onEngines > 0 ? `; ${onEngines} more on real engines are left to npm run test:engines` : '';
  console.log(`Selected: ${tests.length - onEngines} test files and ${sources.length} files to lint${left}.`);
};

const SCHEMATHESIS: Check = {
  title: 'Schemathesis, short form',
  argv: ['infra/security/schemathesis/main.ts', '--short'],
};

const selection = await select(root, values).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return process.exit(2);
});
const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-results-'));
const engines = (extent: Extent): Promise<Count[]> => runOnEngines(folder, extent).catch(notRun);
const counts: Count[] = [];
try {
  if (selection) announce(selection);
  if (!values.engines) counts.push(...(await runEmbedded(folder, { selection, thenEngines: values['then-engines'] })));
  if (values.engines) counts.push(...(await engines('whole')));
  else if (values['then-engines']) counts.push(await check(SCHEMATHESIS), ...(await engines('short')));
} finally {
  await rm(folder, { recursive: true, force: true });
}
close(counts);
