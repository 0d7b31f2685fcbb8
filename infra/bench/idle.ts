import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const USAGE = `Usage: npm run bench:idle -- [--seconds N] [--settle N] [--with-n8n]

Starts the whole platform on a temporary folder, waits until it has settled, and measures for N seconds (60) what it uses while nobody asks
anything: processor time and memory (proportional set size: shared pages counted once) of all its processes; n8n, which is not ours, on request. Linux only: reads /proc.`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    settle: { type: 'string', default: '20' },
    'with-n8n': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

/** The process and everything below it. */
const family = async (root: number): Promise<number[]> => {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent) parents.set(Number(entry), parent);
  }
  const found = new Set([root]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
};

/** Processor time used so far, in clock ticks of 10 ms. */
const ticks = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
};

const proportionalKilobytes = async (pid: number): Promise<number> =>
  Number(/^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''))?.[1] ?? 0);

const sum = async (pids: number[], measure: (pid: number) => Promise<number>): Promise<number> =>
  (await Promise.all(pids.map(measure))).reduce((total, value) => total + value, 0);

const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-idle-'));
await chmod(folder, 0o755);
const started = performance.now();
const withN8n = values['with-n8n'] ? [] : ['--without-n8n'];
const child = spawn(process.execPath, ['infra/local/main.ts', '--port', '0', '--data', folder, ...withN8n], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise<void>((resolve, reject) => {
  child.stdout.setEncoding('utf8').on('data', (text: string) => text.includes('Ready.') && resolve());
  child.once('close', (code) => reject(new Error(`the platform ended with code ${code}`)));
});
const readySeconds = (performance.now() - started) / 1000;
try {
  await sleep(Number(values.settle) * 1000);
  const pids = await family(child.pid ?? 0);
  const before = await sum(pids, ticks);
  const seconds = Number(values.seconds);
  await sleep(seconds * 1000);
  const used = (await sum(pids, ticks)) - before;
  const kilobytes = await sum(pids, proportionalKilobytes);
  console.log(
    `machine: ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  console.log(`ready after ${readySeconds.toFixed(1)} s on an empty folder (demo shop included)`);
  console.log(
    `idle for ${seconds} s: ${(used / seconds).toFixed(2)} % of one core, ${Math.round(kilobytes / 1024)} MB in ${pids.length} processes${values['with-n8n'] ? ', n8n included' : '   (aims: under 5 %, under 400 MB)'}`,
  );
} finally {
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await closed;
  await rm(folder, { recursive: true, force: true });
}
