import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { check, jest, type Count } from './runs.ts';

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

/** The checks, then every test on the embedded engines. Everything runs even when something failed, so that one run shows all there is to fix. */
export const runEmbedded = async (folder: string): Promise<Count[]> => {
  await installKcat();
  return [
    await check('types', ['tsc', '--noEmit']),
    await check('lint and import walls', ['eslint', '.', '--max-warnings', '0']),
    await check('unused files and exports', ['knip']),
    await check('format', ['prettier', '--check', '--log-level', 'warn', '.']),
    await check('n8n’s linters and scanner', ['infra/n8n-package/lint.ts']),
    await jest({ project: 'unit', folder }),
    await jest({ project: 'integration', folder }),
    await jest({ project: 'journeys', folder, workers: 1 }),
    await check('faults, short form', ['infra/faults/main.ts', '--short']),
  ];
};
