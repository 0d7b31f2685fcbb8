import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProcessOptions } from './n8n-process.ts';

export interface N8nProcess {
  /** The lines it printed: "start <key>", "end <subject> <sequence>", "active <workflow>". */
  lines: string[];
  kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
}

/** Starts a process that stands for n8n. */
export const startN8nProcess = (options: ProcessOptions): N8nProcess => {
  const script = fileURLToPath(new URL('n8n-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return {
    lines,
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
};
