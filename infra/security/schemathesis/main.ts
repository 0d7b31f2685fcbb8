import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../local/postgres.ts';
import { terminalProgress } from '../../process/progress.ts';
import { startWholePlatform } from '../../test/operations/platform.ts';
import { installSchemathesis } from './install.ts';
import { serveInputs } from './inputs.ts';

const USAGE = `Usage: npm run test:fuzz [-- --seconds N] [--seed N] [-- any option of "schemathesis run"]

Starts the whole platform on a database and a broker of its own and runs Schemathesis against its OpenAPI document, links included.
--seconds N   how long; 300 unless given
--short       45 seconds
--seed N      repeats a run`;

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    help: { type: 'boolean', short: 'h', default: false },
  },
  allowPositionals: true,
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const seconds = values.short ? 45 : Number(values.seconds);

/** Each operation by itself, then along the links of the document; each has a time of its own. */
const PARTS = [
  { phases: 'examples,coverage,fuzzing', share: 0.55 },
  { phases: 'stateful', share: 0.45 },
];

/** Runs Schemathesis with our terminal and returns its exit code: 0 when it found nothing. */
const attack = (
  python: string,
  { url, key, inputs }: { url: string; key: string; inputs: string },
  { phases, share }: (typeof PARTS)[number],
): Promise<number> =>
  new Promise((resolve, reject) => {
    const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
    const args = [
      ...['-m', 'schemathesis.cli', '--config-file', here('schemathesis.toml'), 'run', `${url}/openapi.json`],
      ...[
        '--header',
        `Authorization: Bearer ${key}`,
        '--seed',
        values.seed,
        '--max-time',
        String(Math.ceil(seconds * share)),
      ],
      ...['--phases', phases],
      ...['--max-examples', values.short ? '3' : '20', '--continue-on-failure', '--no-color', '--warnings', 'off'],
      ...positionals,
    ];
    // Python would write what it compiled beside the sources.
    const env = {
      ...{ ...process.env, SCHEMATHESIS_HOOKS: here('hooks.py'), PYTHONDONTWRITEBYTECODE: '1' },
      ...(phases === 'stateful' ? { INPUTS_URL: inputs } : {}),
    };
    const child = spawn(python, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: tmpdir(), env });
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });

const python = await installSchemathesis(terminalProgress());
const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-schemathesis-'));
// As root, PostgreSQL runs as another user.
await chmod(folder, 0o755);
const postgres = await startPostgres({ directory: join(folder, 'postgres'), password: 'test', durable: false });
process.env['TEST_DATABASE_URL'] = postgres.url;
const { platform, workshop } = await startWholePlatform();
const inputs = await serveInputs(workshop);
const target = { url: platform.url, key: platform.adminKey, inputs: inputs.url };
try {
  for (const part of PARTS) process.exitCode = (await attack(python, target, part)) || process.exitCode;
} finally {
  await inputs.close();
  await platform.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
