import { randomInt } from 'node:crypto';
import type { KeyValue } from '../../../microservices/ports/key-value/port.ts';

export interface KeyValueLoad {
  what: string;
  /** One operation; those of one worker come one after the other. */
  work: (index: number) => Promise<unknown>;
  /** After all of it: the expected result of so many operations, and the found one. */
  check?: (operations: number) => Promise<{ what: string; holds: boolean; found: string }>;
}

const KEYS = 2_000;
const COUNTERS = 50;
const SETS = 20;
const MEMBERS = 200;
/** About what a session or a small cart weighs. */
const SESSION = {
  customer: 'cus_0198f3a0',
  cart: Array.from({ length: 12 }, (_, line) => ({ sku: `SKU-${line}`, quantity: 2, note: 'x'.repeat(40) })),
};

const key = (index: number): string => `key-${index % KEYS}`;

/** Fills a store with what is read later. */
export const fill = async (store: KeyValue, concurrency: number): Promise<void> => {
  const tasks = [
    ...Array.from({ length: KEYS }, (_, i) => () => store.put('sessions', key(i), SESSION)),
    ...Array.from(
      { length: SETS * MEMBERS },
      (_, i) => () => store.rank('ranks', `set-${i % SETS}`, `member-${Math.floor(i / SETS)}`, randomInt(1_000)),
    ),
  ];
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let task = tasks.pop(); task; task = tasks.pop()) await task();
    }),
  );
};

/** Typical uses of the port, as loads. */
export const loadsOn = (store: KeyValue): KeyValueLoad[] => [
  { what: 'get a session', work: async () => found(await store.get('sessions', key(randomInt(KEYS)))) },
  {
    what: 'put a session, with TTL',
    work: (index) => store.put('sessions', key(index), SESSION, { ttlSeconds: 3_600 }),
  },
  compareAndSets(store),
  {
    what: 'put by version',
    work: (index) => store.putNewer('balances', key(index), { balance: index }, index + 1),
  },
  increments(store),
  {
    what: 'rank, a new score',
    work: (index) => store.rank('ranks', `set-${index % SETS}`, `member-${randomInt(MEMBERS)}`, randomInt(1_000)),
  },
  {
    what: `range, 20 of ${MEMBERS}`,
    work: async () => found((await store.range('ranks', `set-${randomInt(SETS)}`, { limit: 20, reverse: true }))[19]),
  },
];

/** Reads what was written before: a bench that reads nothing measures nothing. */
const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('What the bench wrote before cannot be found.');
  return value;
};

/** Adds one to one of a few documents: read, compare-and-set, again where another was quicker. */
const compareAndSets = (store: KeyValue): KeyValueLoad => {
  const DOCUMENTS = 500;
  const addOne = async (name: string): Promise<void> => {
    const read = await store.get<number>('documents', name);
    const written = await store.compareAndSet('documents', name, read?.version ?? 0, (read?.value ?? 0) + 1);
    if (written === undefined) await addOne(name);
  };
  return {
    what: 'get and compare-and-set',
    work: (index) => addOne(`document-${index % DOCUMENTS}`),
    check: async (operations) => {
      const values = await Promise.all(
        Array.from({ length: DOCUMENTS }, (_, i) => store.get<number>('documents', `document-${i}`)),
      );
      const sum = values.reduce((total, read) => total + (read?.value ?? 0), 0);
      return { what: 'changes by compare-and-set', holds: sum === operations, found: `${sum} of ${operations}` };
    },
  };
};

const increments = (store: KeyValue): KeyValueLoad => ({
  what: 'increment and read',
  work: (index) => store.increment('views', `counter-${index % COUNTERS}`),
  check: async (operations) => {
    const counts = await Promise.all(Array.from({ length: COUNTERS }, (_, i) => store.count('views', `counter-${i}`)));
    const sum = counts.reduce((total, count) => total + count, 0);
    return { what: 'beats of the counters', holds: sum === operations, found: `${sum} of ${operations}` };
  },
});
