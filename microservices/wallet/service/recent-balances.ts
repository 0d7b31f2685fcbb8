import { z } from 'zod';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, writeCursor } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { KeyValue } from '../../ports/key-value/port.ts';
import type { Context, Handlers } from '../context.ts';
import { recentBalances, type RecentBalances } from '../policy/recent-balances.ts';
import { listAccounts } from '../store/accounts.ts';
import { accountsOfOwners, forgetStale, staleBalances } from '../store/stale-balances.ts';

// The read model of balances: one value an owner in the key-value store, with absolute amounts, under a version that
// the ledger gives. It is only ever written forward, by anyone and however often, so it needs no order and no lock.
// Nothing is decided by it: the ledger stays the truth.

const SPACE = 'balances';
const BATCH = 500;
const WRITES_AT_ONCE = 16;

type Stores = Pick<Context, 'database' | 'keyValue'>;

/** The recent balances of an owner; undefined when the read model has none. */
export const readRecent = async (keyValue: KeyValue, ownerId: string): Promise<RecentBalances['items'] | undefined> =>
  // Values of before there was credit have none.
  (await keyValue.get<Pick<RecentBalances, 'items'>>(SPACE, ownerId))?.value.items.map((item) => ({
    ...item,
    credit: item.credit ?? 0,
  }));

/** Writes the balances of owners as the ledger has them now. */
const writeRecent = async ({ database, keyValue }: Stores, owners: readonly string[]): Promise<void> => {
  const balances = [...recentBalances(await accountsOfOwners(database, owners))];
  await inParallel(balances, ([ownerId, { items, version }]) => keyValue.putNewer(SPACE, ownerId, { items }, version));
};

const inParallel = async <Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> => {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, worker));
};

const distinct = (owners: readonly string[]): string[] => [...new Set(owners)];

/**
 * Writes a batch of what the ledger marked as changed, and only then removes the marks: after a crash in between, the
 * same is written once more. Returns true when there may be more.
 */
export const writeStaleBatch = async (stores: Stores): Promise<boolean> => {
  const stale = await staleBalances(stores.database, BATCH);
  if (stale.length === 0) return false;
  await writeRecent(stores, distinct(stale.map(({ ownerId }) => ownerId)));
  await forgetStale(stores.database, stale);
  return stale.length === BATCH;
};

/**
 * A page of the rebuild: writes the balances of the owners of so many accounts. Beside running traffic the later
 * snapshot wins.
 */
export const rebuildRecentBalances = ({ database, keyValue }: Context): Handlers['rebuildRecentBalances'] =>
  command({
    prepare: async ({ cursor, limit }) => {
      const [after] = readCursor(cursor, z.tuple([id('acc')])) ?? [null];
      const accounts = await listAccounts(database, { after, limit: limit + 1 });
      const page = accounts.slice(0, limit);
      await writeRecent({ database, keyValue }, distinct(page.map(({ ownerId }) => ownerId)));
      const last = page.at(-1);
      const nextCursor = last && accounts.length > limit ? writeCursor([last.id]) : null;
      return { accounts: page.length, nextCursor };
    },
    commit: async (_tx, _input, _request, written) => written,
  });
