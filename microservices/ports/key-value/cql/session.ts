import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import cassandra, { type Client, type QueryOptions } from 'cassandra-driver';
import { CqlUnreachable, leavesDoubt, wasNotSent } from './failures.ts';

export type CqlValue = string | number | bigint;
type Statement = readonly [text: string, values: readonly CqlValue[]];

/** Result of a conditional write; when refused, `found` holds the present values of the columns in its conditions. */
export interface Conditional {
  applied: boolean;
  found: Record<string, unknown>;
}

/**
 * Statements on one keyspace. `$KS` in a text stands for it. Rows come typed by the caller, who wrote the CQL beside
 * the type.
 */
export interface CqlSession {
  read<Row>(text: string, values: readonly CqlValue[]): Promise<Row[]>;
  /** Ordered with the conditional writes of the row: completes or rules out those that are half done (LOCAL_SERIAL). */
  readSerial<Row>(text: string, values: readonly CqlValue[]): Promise<Row[]>;
  /** A write that must not be sent twice: a lost answer is an error, for only the caller knows what to do about it. */
  writeOnce(text: string, values: readonly CqlValue[]): Promise<void>;
  /** Conditional writes to one partition: all or none. Never sent twice by itself. */
  conditionalBatch(statements: readonly Statement[]): Promise<Conditional>;
}

/** As long as an answer may take. */
const MOST_WAITING_MS = 5_000;
const SHORTEST_WAIT_MS = 50;

export const openSession = (client: Client, keyspace: string): CqlSession => {
  const inKeyspace = (text: string): string => text.replace('$KS', keyspace);
  const rows =
    (options: QueryOptions) =>
    async <Row>(text: string, values: readonly CqlValue[]) =>
      (await onceConnected(() => client.execute(inKeyspace(text), [...values], options))).rows as unknown as Row[];
  return {
    read: rows({ isIdempotent: true }),
    readSerial: rows({ isIdempotent: true, consistency: cassandra.types.consistencies.localSerial }),
    writeOnce: async (text, values) => void (await onceConnected(() => client.execute(inKeyspace(text), [...values]))),
    conditionalBatch: async (statements) => {
      const queries = statements.map(([text, values]) => ({ query: inKeyspace(text), params: [...values] }));
      const result = await onceConnected(() => client.batch(queries, { prepare: true, isIdempotent: false }));
      return { applied: result.wasApplied(), found: { ...result.first() } };
    },
  };
};

/**
 * Sends as soon as there is a connection to send on: what could not be sent was not done, so any statement may try
 * again. Throws CqlUnreachable when none stands after five seconds.
 */
const onceConnected = async <T>(send: () => Promise<T>): Promise<T> => {
  const last = performance.now() + MOST_WAITING_MS;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!wasNotSent(error)) throw error;
      if (performance.now() > last) throw new CqlUnreachable(error);
    }
    await sleep(randomInt(SHORTEST_WAIT_MS, 2 * SHORTEST_WAIT_MS));
  }
};

/** Runs work on one partition after what this process does there already. */
export type InTurn = <T>(partition: readonly string[], work: () => Promise<T>) => Promise<T>;

/**
 * Conditional writes to one partition that come at once make each other fail and start again (Paxos), until the server
 * gives up on some. Those of one process take turns instead; those of others are few.
 */
export const takingTurns = (): InTurn => {
  const last = new Map<string, Promise<unknown>>();
  return async (partition, work) => {
    const name = JSON.stringify(partition);
    const mine = (last.get(name) ?? Promise.resolve()).then(work);
    const settled = mine.catch(() => undefined);
    last.set(name, settled);
    try {
      return await mine;
    } finally {
      if (last.get(name) === settled) last.delete(name);
    }
  };
};

const MOST_ATTEMPTS = 100;
const LONGEST_PAUSE_MS = 40;
/** So often is asked what nobody answered; a lost connection is made anew after a second. */
export const MOST_DOUBTS = 5;
const FIRST_DOUBT_MS = 250;

/** Waits longer each time that nobody answered: 1, 2, … */
export const pauseInDoubt = (times: number): Promise<void> => {
  const most = FIRST_DOUBT_MS * 2 ** (times - 1);
  return sleep(randomInt(most / 2, most));
};

/**
 * Makes again, five times in all, what may be done twice, when nobody says whether it took effect or nobody could be
 * asked.
 */
export const despiteDoubts = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(leavesDoubt(error) || wasNotSent(error)) || tried === MOST_DOUBTS) throw error;
    }
    await pauseInDoubt(tried);
  }
};

/**
 * Tries until the attempt answers something, with short random pauses so that those who are in each other's way get
 * apart. Throws after a hundred.
 */
export const untilDone = async <T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let tried = 1; tried <= MOST_ATTEMPTS; tried += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
    await sleep(randomInt(1, Math.min(LONGEST_PAUSE_MS, 2 + 2 * tried)));
  }
  throw new Error(`${what} was changed by others ${MOST_ATTEMPTS} times during this write: too many writers at once.`);
};
