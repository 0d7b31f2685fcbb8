import { z } from 'zod';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, writeCursor } from '../../chassis/cursor.ts';
import type { Job } from '../../chassis/jobs.ts';
import type { KeyValue } from '../../ports/key-value/port.ts';
import type { Platform } from '../../chassis/service.ts';
import { recentBalances, type RecentBalances } from '../policy/recent-balances.ts';
import { listAccounts } from '../store/accounts.ts';
import { accountsOfOwners, forgetStale, staleBalances } from '../store/stale-balances.ts';
import type { Wallet, WalletHandler } from './ledger.ts';

// The read model of balances: in the key-value store one value an owner, absolute, under a version that the ledger gives. It is written forward only,
// by whoever and however often, so that it needs no order and no lock. The ledger stays the truth: nothing is decided by what stands here.

const SPACE = 'balances';
const AT_ONCE = 500;
const WRITES_AT_ONCE = 16;
const EVERY_MS = 500;

type Means = Pick<Platform<Wallet>, 'database' | 'keyValue'>;

/** What the read model has of an owner; undefined when it has nothing. */
export const readRecent = async (keyValue: KeyValue, ownerId: string): Promise<RecentBalances['items'] | undefined> =>
  (await keyValue.get<Pick<RecentBalances, 'items'>>(SPACE, ownerId))?.value.items;

/** Writes the balances of owners as the ledger has them now. */
const writeRecent = async ({ database, keyValue }: Means, owners: readonly string[]): Promise<void> => {
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

/** Writes what the ledger marked as changed, and only then forgets the marks: a crash in between writes the same once more. */
export const recentBalancesJob = ({ database, keyValue }: Means): Job => ({
  name: 'recent-balances',
  everyMs: EVERY_MS,
  run: async () => {
    const stale = await staleBalances(database, AT_ONCE);
    if (stale.length === 0) return false;
    await writeRecent({ database, keyValue }, distinct(stale.map(({ ownerId }) => ownerId)));
    await forgetStale(database, stale);
    return stale.length === AT_ONCE;
  },
});

/** A page of the rebuild: writes the balances of the owners of so many accounts. Beside running traffic the later snapshot wins. */
export const rebuildRecentBalances: WalletHandler<'rebuildRecentBalances'> =
  ({ database, keyValue }) =>
  async ({ cursor, limit }, { commit }) => {
    const [after] = readCursor(cursor, z.tuple([id('acc')])) ?? [null];
    const accounts = await listAccounts(database, { after, limit: limit + 1 });
    const page = accounts.slice(0, limit);
    await writeRecent({ database, keyValue }, distinct(page.map(({ ownerId }) => ownerId)));
    const last = page.at(-1);
    const nextCursor = last && accounts.length > limit ? writeCursor([last.id]) : null;
    return commit(async () => ({ accounts: page.length, nextCursor }));
  };
