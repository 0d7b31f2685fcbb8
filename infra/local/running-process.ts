import { execFile } from 'node:child_process';
import { readFile, readlink, realpath } from 'node:fs/promises';
import { promisify } from 'node:util';

/** True when a process has this number, whoever's it is. */
export const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The program and arguments of a process as one line; empty when it is not there. */
export const commandOf = async (pid: number): Promise<string> => {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return fromProc === undefined ? askPs(pid, 'command=') : fromProc.replaceAll('\0', ' ').trim();
};

/**
 * When a process started, as the system writes it; with its number it names one process for good. Empty when it is not
 * there.
 */
export const startOf = async (pid: number): Promise<string> => {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The program's name, in parentheses, may hold spaces.
  return status === undefined
    ? askPs(pid, 'lstart=')
    : (status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '');
};

/** True when a process works in this folder. Where the system does not tell, its arguments must name the folder. */
export const worksIn = async (pid: number, folder: string): Promise<boolean> => {
  const own = await realpath(folder);
  const found = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) => error.code);
  // Another user's process, or no such process, where there is /proc.
  if (found === 'EACCES') return false;
  if (found !== 'ENOENT') return found === own;
  const command = await askPs(pid, 'command=');
  return command.includes(` ${folder} `) || command.includes(` ${own} `);
};

const run = promisify(execFile);

const askPs = async (pid: number, field: string): Promise<string> =>
  run('ps', ['-ww', '-o', field, '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
