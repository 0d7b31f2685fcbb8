import { spawn } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, close, jest, type Count } from './runs.ts';

/**
 * `npm test`: the checks, then every test, then one line that counts them all. Everything runs even when something failed, so that
 * one run shows all there is to fix.
 */

/** librdkafka's kcat is a foreign client the broker is tested with; on a new CI machine it comes from Debian. */
const installKcat = async (): Promise<void> => {
  const present = await access('/usr/bin/kcat').then(
    () => true,
    () => false,
  );
  if (present || !process.env['CI'] || process.getuid?.() !== 0) return;
  const shell = spawn('/bin/sh', ['-c', 'apt-get update -qq && apt-get install -y -qq kcat >/dev/null'], {
    stdio: 'inherit',
  });
  await new Promise((resolve) => shell.on('close', resolve));
};

const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-results-'));
const counts: Count[] = [];
try {
  await installKcat();
  counts.push(await check('types', ['tsc', '--noEmit']));
  counts.push(await check('lint and import walls', ['eslint', '.', '--max-warnings', '0']));
  counts.push(await check('unused files and exports', ['knip']));
  counts.push(await check('format', ['prettier', '--check', '--log-level', 'warn', '.']));
  counts.push(await check('n8n’s linters and scanner', ['infra/n8n-package/lint.ts']));
  counts.push(await jest({ project: 'unit', folder }));
  counts.push(await jest({ project: 'integration', folder }));
  counts.push(await jest({ project: 'journeys', folder, workers: 1 }));
  counts.push(await check('faults, short form', ['infra/faults/main.ts', '--short']));
} finally {
  await rm(folder, { recursive: true, force: true });
}
close(counts);
