import { startConsuming } from '../kafka/consume/consume.ts';
import type { ConsumeOptions, Trouble } from '../kafka/consume/options.ts';
import type { Logger } from '../telemetry/log.ts';

export interface FlowOptions
  extends
    Required<Pick<ConsumeOptions, 'kafka' | 'group' | 'topics' | 'startAt' | 'wants' | 'handle'>>,
    Pick<ConsumeOptions, 'beforeCommit'> {
  limits: { overall: number; perPartition: number };
  log: Logger;
}

export interface Flow {
  /**
   * Settles once it reads. Rejects, with nothing left behind, when it could not begin; resolves when it is stopped
   * before.
   */
  started: Promise<void>;
  /** False when it has ended by itself or shows no sign of life: start another. */
  isAlive(): boolean;
  /**
   * Starts nothing new, gives what is in flight this long, cuts the rest short, commits what is finished, leaves the
   * group. Also while it begins.
   */
  stop(patienceMs: number): Promise<void>;
}

const HELD_PER_PARTITION = 500;
const COMMIT_AFTER_MS = 500;
/** Consumers fetch or heartbeat every few seconds; one that has not for this long never will. */
const SILENCE_MS = 120_000;

/** Consumes topics as a domain does (kafka/consume): says in the log what goes wrong, and knows whether it is alive. */
export const startFlow = ({ log, limits, ...options }: FlowOptions): Flow => {
  let failed = false;
  let lastSign = Date.now();
  const consuming = startConsuming({
    ...options,
    limits: { ...limits, held: HELD_PER_PARTITION },
    timeouts: { session: 30_000, rebalance: 60_000 },
    commitAfter: { handled: COMMIT_AFTER_MS, skipped: COMMIT_AFTER_MS },
    onSign: () => {
      lastSign = Date.now();
    },
    onEnd: () => {
      failed = true;
    },
    onTrouble: (trouble, err) => log[LEVELS[trouble]]({ err, group: options.group }, MESSAGES[trouble]),
  });
  const started = consuming.started.catch((error: unknown) => {
    failed = true;
    throw error;
  });
  return {
    started,
    isAlive: () => !failed && Date.now() - lastSign < SILENCE_MS,
    stop: (patienceMs) => consuming.stop({ abortAfterMs: patienceMs }),
  };
};

/** While the group rebalances nothing can be committed: that is usual, and the next time does. */
const LEVELS = { handle: 'error', positions: 'warn', commit: 'debug' } as const satisfies Record<Trouble, keyof Logger>;

const MESSAGES: Record<Trouble, string> = {
  handle: 'a message could not be handled; trying again',
  positions: 'the positions of the group could not be looked up; trying again',
  commit: 'positions could not be committed; trying again',
};
