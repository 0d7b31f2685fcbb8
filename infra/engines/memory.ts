import { readdir, readFile } from 'node:fs/promises';

const PAGE_BYTES = 4096;

/**
 * Resident memory of a process and all below it, in MB (proc(5): stat for the parent, statm for the pages); 0 without
 * /proc.
 */
export const memoryOf = async (pid: number): Promise<number> => {
  const names = await readdir('/proc').catch(() => []);
  const parents = new Map<number, number>();
  for (const name of names.filter((one) => /^\d+$/.test(one))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The command may hold spaces and brackets: fields are counted from behind it.
    parents.set(Number(name), Number(stat.replace(/^.*\) /s, '').split(' ')[1]));
  }
  const isBelow = (one: number | undefined): boolean => one === pid || (!!one && isBelow(parents.get(one)));
  const pages = await Promise.all([...parents.keys()].filter(isBelow).map(residentPages));
  return Math.round((pages.reduce((sum, count) => sum + count, 0) * PAGE_BYTES) / 2 ** 20);
};

const residentPages = async (pid: number): Promise<number> =>
  Number((await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '0 0')).split(' ')[1]);
