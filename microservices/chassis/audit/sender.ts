import { currentContext, withoutContext } from '../context.ts';
import type { Database } from '../database/index.ts';
import { newUuid } from '../ids.ts';
import type { Logger } from '../telemetry/log.ts';
import type { AuditLine } from './line.ts';
import { deleteLines, insertRefusals, waitingLines, type RefusedLine, type WaitingLine } from './store.ts';

/** Lines wait so long for others: one request carries them all. */
const LINGER_MS = 1_000;
const BATCH = 200;
const MAX_BACKOFF_MS = 30_000;
/** Refusals that wait in memory; of a flood, this many a second are kept. */
const MOST_REFUSALS = 500;

export interface AuditSender {
  /** Lines were committed, here or in a process that died. */
  wake: () => void;
  /** Keeps a refusal, which no transaction carries. The last second of them is lost when the process is killed. */
  refused: (this: void, line: AuditLine) => void;
  /** Ends the batch in flight. Lines that still wait are sent after the next start. */
  stop: () => Promise<void>;
}

interface SenderOptions {
  database: Database;
  /** Hands lines to the audit service, which takes each id once; throws when it is away. */
  send: (lines: readonly WaitingLine[]) => Promise<void>;
  log: Logger;
}

/**
 * Sends a schema's audit lines to the audit service, at least once, a second after the first of them was committed.
 * Idle, it asks the database nothing. While the audit service is away the lines wait in their table.
 */
export const createAuditSender = ({ database, send, log }: SenderOptions): AuditSender => {
  let refusals: RefusedLine[] = [];
  let dropped = 0;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  /** Lines may wait that no batch has read. */
  let isPending = false;
  let isStopped = false;

  const keepRefusals = async (): Promise<void> => {
    const taken = refusals;
    refusals = [];
    if (dropped > 0) log.warn({ dropped }, 'more refusals came than the audit trail keeps in a second');
    dropped = 0;
    if (taken.length > 0) await insertRefusals(database, taken);
  };

  const drain = async (): Promise<void> => {
    await keepRefusals();
    for (let isFull = true; isFull && !isStopped;) {
      const lines = await waitingLines(database, BATCH);
      if (lines.length === 0) return;
      await send(lines);
      await deleteLines(
        database,
        lines.map(({ id }) => id),
      );
      isFull = lines.length === BATCH;
    }
  };

  const sendNow = async (): Promise<void> => {
    isPending = false;
    try {
      await drain();
      failures = 0;
    } catch (err) {
      isPending = true;
      failures += 1;
      if (!isStopped) log.warn({ err }, 'lines of the audit trail wait: sending them failed, trying again');
    }
    sending = undefined;
    plan();
  };

  const plan = (): void => {
    if (isStopped || !isPending || sending || timer) return;
    const wait = Math.min(MAX_BACKOFF_MS, LINGER_MS * 2 ** failures);
    timer = withoutContext(() =>
      setTimeout(() => {
        timer = undefined;
        sending = sendNow();
      }, wait),
    );
  };

  const wake = (): void => {
    isPending = true;
    plan();
  };

  return {
    wake,
    refused: (line) => {
      if (refusals.length >= MOST_REFUSALS) {
        dropped += 1;
        return;
      }
      refusals.push({ ...line, id: newUuid(), at: new Date(), correlationId: currentContext().correlationId });
      wake();
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await sending;
      await keepRefusals().catch((err: unknown) => log.warn({ err }, 'refusals are missing in the audit trail'));
    },
  };
};
