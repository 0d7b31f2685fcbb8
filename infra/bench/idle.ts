import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { processorTicks, processTree, proportionalKilobytes } from './idle/processes.ts';
import { machineLine } from './lib/machine.ts';

const USAGE = `Usage: npm run bench:idle -- [--services N] [--seconds N] [--settle N] [--with-n8n]

Starts the platform on a temporary folder with N services (25: those there are, and small ones made for this), stops it, starts it again and says when
it was ready. Then it waits until the platform has settled (40 s) and measures for N seconds (60) what it uses while nobody asks anything: processor time
and memory (proportional set size) of all its processes. With --with-n8n it measures what npm start runs: demo shop and n8n included, no small services.
Linux only: reads /proc.`;

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '25' },
    seconds: { type: 'string', default: '60' },
    settle: { type: 'string', default: '40' },
    'with-n8n': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const programOf = (folder: string): string[] =>
  values['with-n8n']
    ? ['infra/local/main.ts', '--port', '0', '--data', folder]
    : ['infra/bench/idle/platform.ts', folder, values.services];

interface Started {
  child: ChildProcess;
  seconds: number;
  /** Processor time of all its processes until it was ready. */
  processorSeconds: number;
}

const start = async (folder: string): Promise<Started> => {
  const began = performance.now();
  const child = spawn(process.execPath, programOf(folder), { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => text.includes('Ready') && resolve());
    child.once('close', (code) => reject(new Error(`the platform ended with code ${code}`)));
  });
  const seconds = (performance.now() - began) / 1000;
  return { child, seconds, processorSeconds: (await sum(await processTree(child.pid ?? 0), processorTicks)) / 100 };
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
};

const sum = async (pids: number[], measure: (pid: number) => Promise<number>): Promise<number> =>
  (await Promise.all(pids.map(measure))).reduce((total, value) => total + value, 0);

const inWords = ({ seconds, processorSeconds }: Started): string =>
  `${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor time)`;

const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-idle-'));
await chmod(folder, 0o755);
let running: ChildProcess | undefined;
try {
  const cold = await start(folder);
  running = cold.child;
  await stop(cold.child);
  const warm = await start(folder);
  running = warm.child;
  await sleep(Number(values.settle) * 1000);
  const root = warm.child.pid ?? 0;
  const [own, all] = [await processorTicks(root), await sum(await processTree(root), processorTicks)];
  const seconds = Number(values.seconds);
  await sleep(seconds * 1000);
  // Asked anew: connections come and go, and the time of those that ended is their parent's.
  const pids = await processTree(root);
  const used = (await sum(pids, processorTicks)) - all;
  const usedHere = (await processorTicks(root)) - own;
  const [kilobytes, here] = [await sum(pids, proportionalKilobytes), await proportionalKilobytes(root)];
  const percent = (ticks: number): string => `${(ticks / seconds).toFixed(2)} %`;
  console.log(`${machineLine()}\n${values['with-n8n'] ? 'npm start with n8n' : `${values.services} services`}`);
  console.log(`ready on an empty folder after ${inWords(cold)}, on a used one after ${inWords(warm)} (aim: 8 s)`);
  console.log(
    `idle for ${seconds} s: ${percent(used)} of one core, ${percent(usedHere)} of it the services' process (aim: 5 %)`,
  );
  console.log(
    `memory: ${Math.round(kilobytes / 1024)} MB in ${pids.length} processes, ${Math.round(here / 1024)} MB of it the services' process (aim: 500 MB)`,
  );
} finally {
  if (running) await stop(running);
  await rm(folder, { recursive: true, force: true });
}
