import { z } from 'zod';
import { mayActFor } from '../../chassis/auth/authorize.ts';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import type { Context, Handlers } from '../context.ts';
import * as accounts from '../store/accounts.ts';
import { auditLedger, inSnapshot } from '../store/audit.ts';
import * as holds from '../store/holds.ts';
import { statementLines } from '../store/statement.ts';
import * as transfers from '../store/transfers.ts';
import { accountResponse, balanceResponse, holdResponse, transferResponse } from './responses.ts';
import { noHold } from './refusals.ts';
import { readRecent } from './recent-balances.ts';

type Names =
  | 'getBalance'
  | 'getStatement'
  | 'listAccounts'
  | 'listSystemAccounts'
  | 'getHold'
  | 'listHolds'
  | 'getTransfer'
  | 'listTransfers'
  | 'auditLedger';

export const queryHandlers = (context: Context): Pick<Handlers, Names> => {
  const { database } = context;
  return {
    getBalance: getBalance(context),
    getStatement: getStatement(context),

    listAccounts: async ({ cursor, limit, ...filter }) => {
      const [after] = readCursor(cursor, z.tuple([id('acc')])) ?? [null];
      const rows = await accounts.listAccounts(database, { ...filter, after, limit: limit + 1 });
      return toPage(rows, limit, (account) => [account.id], accountResponse);
    },

    listSystemAccounts: async ({ currency }) => ({
      items: await inSnapshot(database, (snapshot) => accounts.systemTotals(snapshot, currency)),
    }),

    getHold: async ({ holdId }, { caller, errors }) => {
      const hold = await holds.findHold(database, holdId);
      if (!hold || !mayActFor(caller, hold.ownerId)) throw noHold(holdId, errors);
      return holdResponse(hold);
    },

    listHolds: async ({ cursor, limit, ...filter }) => {
      const [before] = readCursor(cursor, z.tuple([id('hld')])) ?? [null];
      const rows = await holds.listHolds(database, { ...filter, before, limit: limit + 1 });
      return toPage(rows, limit, (hold) => [hold.id], holdResponse);
    },

    getTransfer: async ({ transferId }, { errors }) => {
      const found = await transfers.findTransfer(database, transferId);
      if (!found)
        throw errors.TRANSFER_NOT_FOUND(
          `There is no transfer ${transferId}. List transfers by reference to find the right id.`,
        );
      return transferResponse(found, found);
    },

    listTransfers: async ({ cursor, limit, from, to, ...filter }) => {
      const [before] = readCursor(cursor, z.tuple([id('trf')])) ?? [null];
      const range = { from: moment(from), to: moment(to), before, limit: limit + 1 };
      const rows = await transfers.listTransfers(database, { ...filter, ...range });
      const lastOf = ({ id: last }: transfers.OwnedTransfer) => [last];
      return toPage(rows, limit, lastOf, (row) => transferResponse(row, row));
    },

    auditLedger: async () => auditLedger(database),
  };
};

const getBalance =
  ({ database, keyValue, log }: Context): Handlers['getBalance'] =>
  async ({ ownerId, currency, freshness }, { caller, errors }) => {
    if (!mayActFor(caller, ownerId)) throw errors.WALLET_NOT_FOUND(notYours(ownerId));
    if (freshness === 'recent') {
      // The ledger has what the read model does not have (yet), and replaces it while its store is away.
      const recent = await readRecent(keyValue, ownerId).catch((err: unknown) => {
        log.warn({ err }, 'recent balances cannot be read: the ledger is read instead');
        return undefined;
      });
      if (recent) return { items: recent.filter((item) => currency === undefined || item.currency === currency) };
    }
    return { items: (await accounts.accountsOfOwner(database, ownerId, currency)).map(balanceResponse) };
  };

const getStatement =
  ({ database }: Context): Handlers['getStatement'] =>
  async ({ ownerId, currency, from, to, cursor, limit, ...filter }, { caller, errors }) => {
    if (!mayActFor(caller, ownerId)) throw errors.WALLET_NOT_FOUND(notYours(ownerId));
    const [beyond] = readCursor(cursor, z.tuple([z.int().min(0)])) ?? [null];
    const [account] = await accounts.accountsOfOwner(database, ownerId, currency);
    if (!account) return { items: [], nextCursor: null };
    const range = { from: moment(from), to: moment(to), beyond, limit: limit + 1 };
    const lines = await statementLines(database, { accountId: account.id, ...filter, ...range });
    return toPage(lines, limit, (line) => [line.sequence]);
  };

const notYours = (ownerId: string): string => `There is no wallet of ${ownerId} that you could see.`;

const moment = (iso: string | undefined): Date | null => (iso === undefined ? null : new Date(iso));
