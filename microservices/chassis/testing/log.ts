import { pino } from 'pino';
import type { Logger } from '../telemetry/log.ts';

/** A logger that says nothing. */
export const silentLog: Logger = pino({ level: 'silent' });

/** A logger whose lines can be looked at. */
export const recordingLog = (): { log: Logger; lines: Record<string, unknown>[] } => {
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { level: 'trace' },
    { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { log, lines };
};
