import { readdirSync, readFileSync } from 'node:fs';

/** Processor time in seconds that a process tree has used so far. */
export interface CpuTime {
  /** The process itself: the platform. */
  own: number;
  /** Its descendants: PostgreSQL. */
  below: number;
}

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux

interface Stat {
  parent: number;
  seconds: number;
}

/**
 * proc(5): after the command in brackets, field 4 is the parent, 14 and 15 its own ticks, 16 and 17 those of children
 * that ended.
 */
const readStat = (pid: string): Stat | undefined => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
    return { parent: fields[1] ?? 0, seconds: ticks / TICKS_PER_SECOND };
  } catch {
    return undefined; // it ended between the listing and the read
  }
};

/** Undefined where there is no /proc (macOS). */
export const cpuTimeOf = (pid: number): CpuTime | undefined => {
  if (process.platform !== 'linux') return undefined;
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(name) : undefined;
    if (stat) stats.set(Number(name), stat);
  }
  const isBelow = (stat: Stat): boolean => {
    for (let at: Stat | undefined = stat; at; at = stats.get(at.parent)) if (at.parent === pid) return true;
    return false;
  };
  const below = [...stats.values()].filter(isBelow).reduce((sum, { seconds }) => sum + seconds, 0);
  return { own: stats.get(pid)?.seconds ?? 0, below };
};
