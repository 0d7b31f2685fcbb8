import { z } from 'zod';
import { mayActFor } from '../../chassis/auth/authorize.ts';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import * as accounts from '../store/accounts.ts';
import { auditLedger as audit, inSnapshot } from '../store/audit.ts';
import * as holds from '../store/holds.ts';
import { statementLines } from '../store/statement.ts';
import * as transfers from '../store/transfers.ts';
import { accountAnswer, balanceAnswer, holdAnswer, transferAnswer } from './answers.ts';
import { noSuchHold } from './holds.ts';
import type { WalletHandler } from './ledger.ts';
import { readRecent } from './recent-balances.ts';

const notYours = (ownerId: string): string => `There is no wallet of ${ownerId} that you could look at.`;
const moment = (iso: string | undefined): Date | null => (iso === undefined ? null : new Date(iso));
const oneSequence = z.tuple([z.int().min(0)]);

export const getBalance: WalletHandler<'getBalance'> =
  ({ database, keyValue, log }) =>
  async ({ ownerId, currency, freshness }, { caller, errors }) => {
    if (!mayActFor(caller, ownerId)) throw errors.WALLET_NOT_FOUND(notYours(ownerId));
    if (freshness === 'recent') {
      // The ledger has what the read model has not (yet), and stands in for it while its store is away.
      const recent = await readRecent(keyValue, ownerId).catch((err: unknown) => {
        log.warn({ err }, 'recent balances cannot be read: the ledger answers instead');
        return undefined;
      });
      if (recent) return { items: recent.filter((item) => currency === undefined || item.currency === currency) };
    }
    return { items: (await accounts.accountsOfOwner(database, ownerId, currency)).map(balanceAnswer) };
  };

export const getStatement: WalletHandler<'getStatement'> =
  ({ database }) =>
  async ({ ownerId, currency, from, to, cursor, limit, ...filter }, { caller, errors }) => {
    if (!mayActFor(caller, ownerId)) throw errors.WALLET_NOT_FOUND(notYours(ownerId));
    const [beyond] = readCursor(cursor, oneSequence) ?? [null];
    const [account] = await accounts.accountsOfOwner(database, ownerId, currency);
    if (!account) return { items: [], nextCursor: null };
    const range = { from: moment(from), to: moment(to), beyond, limit: limit + 1 };
    const lines = await statementLines(database, { accountId: account.id, ...filter, ...range });
    return toPage(lines, limit, (line) => [line.sequence]);
  };

export const listAccounts: WalletHandler<'listAccounts'> =
  ({ database }) =>
  async ({ cursor, limit, ...filter }) => {
    const [after] = readCursor(cursor, z.tuple([id('acc')])) ?? [null];
    const rows = await accounts.listAccounts(database, { ...filter, after, limit: limit + 1 });
    return toPage(rows, limit, (account) => [account.id], accountAnswer);
  };

export const listSystemAccounts: WalletHandler<'listSystemAccounts'> =
  ({ database }) =>
  async ({ currency }) => ({
    items: await inSnapshot(database, (snapshot) => accounts.systemTotals(snapshot, currency)),
  });

export const getHold: WalletHandler<'getHold'> =
  ({ database }) =>
  async ({ holdId }, { caller, errors }) => {
    const hold = await holds.findHold(database, holdId);
    if (!hold || !mayActFor(caller, hold.ownerId)) throw errors.HOLD_NOT_FOUND(noSuchHold(holdId));
    return holdAnswer(hold);
  };

export const listHolds: WalletHandler<'listHolds'> =
  ({ database }) =>
  async ({ cursor, limit, ...filter }) => {
    const [before] = readCursor(cursor, z.tuple([id('hld')])) ?? [null];
    const rows = await holds.listHolds(database, { ...filter, before, limit: limit + 1 });
    return toPage(rows, limit, (hold) => [hold.id], holdAnswer);
  };

export const getTransfer: WalletHandler<'getTransfer'> =
  ({ database }) =>
  async ({ transferId }, { errors }) => {
    const found = await transfers.findTransfer(database, transferId);
    if (!found)
      throw errors.TRANSFER_NOT_FOUND(
        `There is no transfer ${transferId}. Check the identifier, or list transfers by reference.`,
      );
    return transferAnswer(found, found);
  };

export const listTransfers: WalletHandler<'listTransfers'> =
  ({ database }) =>
  async ({ cursor, limit, from, to, ...filter }) => {
    const [before] = readCursor(cursor, z.tuple([id('trf')])) ?? [null];
    const range = { from: moment(from), to: moment(to), before, limit: limit + 1 };
    const rows = await transfers.listTransfers(database, { ...filter, ...range });
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => transferAnswer(row, row),
    );
  };

export const auditLedger: WalletHandler<'auditLedger'> =
  ({ database }) =>
  async () =>
    audit(database);
