import { readdir, readFile } from 'node:fs/promises';

/** The process and everything below it. */
export const processTree = async (root: number): Promise<number[]> => {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number((await statOf(Number(entry)))[1]);
    if (parent) parents.set(Number(entry), parent);
  }
  const found = new Set([root]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
};

/** proc(5), the fields after the command in brackets; empty once the process has ended. */
const statOf = async (pid: number): Promise<string[]> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** Processor time used so far in clock ticks of 10 ms, with that of children that have ended. */
export const processorTicks = async (pid: number): Promise<number> =>
  (await statOf(pid)).slice(11, 15).reduce((sum, field) => sum + Number(field), 0);

/** Proportional set size in kB: pages that processes share are counted once. */
export const proportionalKilobytes = async (pid: number): Promise<number> =>
  Number(/^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''))?.[1] ?? 0);
