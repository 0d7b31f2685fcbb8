import { inWords } from '../../chassis/money.ts';
import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import { openBook, type Account, type Transfer } from '../policy/book.ts';
import { moveAll, stricter } from '../policy/merge.ts';
import { newTransfer } from '../policy/transfers.ts';
import { setFrozen, setLimits } from '../store/accounts.ts';
import {
  endAccounts,
  leftOn,
  lockAccountsOf,
  lockHoldsOf,
  moveHolds,
  noteEnd,
  noteOwners,
  type Owner,
} from '../store/owners.ts';
import { writeBook } from '../store/write-book.ts';
import { moveCredit, takeBackCredit } from './credit-moves.ts';
import { openForUse } from './ledger.ts';

/**
 * Closes an erased owner's accounts: nothing may enter them any more but refunds. Granted credit goes back to the shop;
 * what else is left is settled by people.
 */
export const endErased = async (tx: Tx, ownerId: string, at: string): Promise<void> => {
  await noteEnd(tx, { ownerId, ended: 'erased', survivorId: null }, at);
  const accounts = await lockAccountsOf(tx, [ownerId]);
  for (const account of accounts) if (account.credit > 0) await takeBackCredit(tx, account, at, { all: true });
  await endAccounts(tx, ownerId);
};

/** Why an erasure of these owners has to wait: money that nobody would own. Undefined when there is none. */
export const reasonToWait = async (tx: Tx, ownerIds: readonly string[]): Promise<string | undefined> => {
  const left = await leftOn(tx, ownerIds);
  if (left.length === 0) return undefined;
  const sums = left.slice(0, 5).map(({ currency, balance, held }) => {
    const waiting = held > 0 ? `, ${inWords({ amount: held, currency })} of it held for orders` : '';
    return `${inWords({ amount: balance, currency })}${waiting}`;
  });
  return `There is money on the wallet of ${ownerIds[0]}: ${sums.join('; ')}. Pay it out or write it off; what is held follows its orders.`;
};

/**
 * Moves all money of a customer that was merged, with its holds, to the customer that remains, in linked transfers, and
 * closes its accounts. Safe to repeat: nothing is left to move then.
 */
export const mergeOwner = async (tx: Tx, endedId: string, intoId: string, at: string): Promise<void> => {
  await noteEnd(tx, { ownerId: endedId, ended: 'merged', survivorId: intoId }, at);
  const survivor = await lastSurvivor(tx, endedId, intoId, at);
  await lockHoldsOf(tx, endedId);
  const pairs = await lockPairs(tx, endedId, survivor.ownerId, at);
  const linkedId = newId('lnk');
  let book = openBook(pairs.flat());
  for (const [from, to] of pairs) {
    const transfer = from.balance > 0 ? transferOf(from, to, linkedId, at) : undefined;
    book = moveAll(book, { from: from.id, to: to.id, at, transfer });
    if (transfer) announceMove(tx, transfer, from, to);
  }
  await writeBook(tx, book);
  for (const [from, to] of pairs) {
    await moveHolds(tx, from, to);
    await moveCredit(tx, from, to);
    await keepSafeguards(tx, from, to);
  }
  await endAccounts(tx, endedId);
  await endAccounts(tx, survivor.ownerId);
};

/** The customer that remains may itself have been merged since. */
const lastSurvivor = async (tx: Tx, endedId: string, intoId: string, at: string): Promise<Owner> => {
  const seen = new Set([endedId]);
  for (let ownerId = intoId; ;) {
    const [owner] = await noteOwners(tx, [ownerId], at);
    if (!owner) throw new Error(`The owner ${ownerId} was noted and is not there`);
    seen.add(ownerId);
    if (owner.ended !== 'merged' || owner.survivorId === null || seen.has(owner.survivorId)) return owner;
    ownerId = owner.survivorId;
  }
};

/** The ended owner's used accounts, each with the survivor's in the same currency, all locked. */
const lockPairs = async (tx: Tx, endedId: string, survivorId: string, at: string): Promise<[Account, Account][]> => {
  const used = (accounts: Account[]) => accounts.filter((account) => account.ownerId === endedId && matters(account));
  const partner = (accounts: Account[], { currency }: Account) =>
    accounts.find((account) => account.ownerId === survivorId && account.currency === currency);
  const before = await lockAccountsOf(tx, [endedId, survivorId]);
  const missing = used(before).filter((account) => !partner(before, account));
  if (missing.length > 0) {
    const parties = missing.map(({ currency }) => ({ ownerId: survivorId, currency }));
    await openForUse(tx, parties, at);
  }
  const accounts = missing.length > 0 ? await lockAccountsOf(tx, [endedId, survivorId]) : before;
  return used(accounts).flatMap((from): [Account, Account][] => {
    const to = partner(accounts, from);
    return to ? [[from, to]] : [];
  });
};

/** Money went over it, or something keeps money from leaving it. */
const matters = ({ entries, frozen, limits }: Account): boolean =>
  entries > 0 || frozen || Object.values(limits).some((limit) => limit !== null);

const transferOf = (from: Account, to: Account, linkedId: string, at: string): Transfer => ({
  ...newTransfer(
    newId('trf'),
    'transfer',
    { amount: { amount: from.balance, currency: from.currency }, reference: `${from.ownerId}/merged` },
    at,
    { debitAccount: from.id, creditAccount: to.id },
  ),
  linkedId,
});

const announceMove = (tx: Tx, transfer: Transfer, from: Account, to: Account): void =>
  tx.append('wallet.transferred', from.id, {
    transferId: transfer.id,
    linkedId: transfer.linkedId ?? transfer.id,
    fromOwnerId: from.ownerId,
    toOwnerId: to.ownerId,
    reference: transfer.reference,
    amount: { amount: transfer.amount, currency: transfer.currency },
  });

/** A frozen account stays frozen and its limits stay limits: a merge frees no money. */
const keepSafeguards = async (tx: Tx, from: Account, to: Account): Promise<void> => {
  const about = { accountId: to.id, ownerId: to.ownerId, currency: to.currency };
  if (from.frozen && !to.frozen) {
    await setFrozen(tx, to.id, true, from.freezeReason);
    tx.append('wallet.frozen', to.id, about);
  }
  const limits = stricter(from.limits, to.limits);
  const isStricter = (Object.keys(limits) as (keyof typeof limits)[]).some((name) => limits[name] !== to.limits[name]);
  if (!isStricter) return;
  await setLimits(tx, to.id, limits);
  tx.append('wallet.limits_changed', to.id, { ...about, limits });
};
