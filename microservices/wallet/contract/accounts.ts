import { z } from 'zod';
import {
  choices,
  currency,
  opaque,
  operation,
  page,
  pageQuery,
  reference,
  timestamp,
} from '../../chassis/contract/index.ts';
import { ownerFailures, ownerId, receivingOwnerId } from './owners.ts';
import {
  account,
  accountId,
  balance,
  holdId,
  limits,
  accountNotFound,
  walletNotFound,
  reason,
  systemAccount,
  total,
  transferId,
  transferKind,
} from './values.ts';

export const statementLine = z
  .object({
    sequence: z.int().describe('1, 2, 3 … per account, without gaps'),
    transferId,
    kind: transferKind,
    direction: z.enum(['in', 'out']),
    amount: z.int().describe('Minor units, always positive'),
    balanceAfter: z.int().describe('Minor units on the account after this line'),
    counterparty: z.string().nullable().describe('The other owner; null for the platform’s own books'),
    holdId: holdId.nullable(),
    reference: z.string(),
    at: timestamp,
  })
  .meta({ id: 'StatementLine', title: 'Line of a statement' });

export const accountOperations = {
  getBalance: operation({
    method: 'GET',
    path: '/wallet/{ownerId}/balances',
    title: 'Get balances',
    description: 'An owner’s balances, one for each currency. Empty for an owner without a wallet.',
    access: { scope: 'wallet:read', customer: true },
    input: z.object({
      ownerId,
      currency: currency.optional().describe('Only this currency'),
      freshness: choices({
        exact: 'From the ledger: to decide by',
        recent: 'May be some seconds old: to show only',
      })
        .default('exact')
        .describe(
          'exact reads the ledger. recent may be some seconds old and does not load the ledger: use it to show a balance, never to decide',
        ),
    }),
    output: z.object({ items: z.array(balance) }),
    errors: { WALLET_NOT_FOUND: walletNotFound },
  }),
  getStatement: operation({
    method: 'GET',
    path: '/wallet/{ownerId}/statement',
    title: 'Get statement',
    description: 'All movements on one account, each with the balance after it.',
    access: { scope: 'wallet:read', customer: true },
    input: z.object({
      ownerId,
      currency,
      kind: transferKind.optional(),
      direction: choices({ in: 'Money that came', out: 'Money that went' })
        .optional()
        .describe('Only movements of this direction'),
      reference: reference.optional().describe('Only movements with this reference'),
      from: timestamp.optional().describe('Not before this moment'),
      to: timestamp.optional().describe('Before this moment'),
      order: choices({ newest: 'Newest first', oldest: 'Oldest first' }).default('newest').describe('Which come first'),
      ...pageQuery,
    }),
    output: page(statementLine),
    errors: { WALLET_NOT_FOUND: walletNotFound },
  }),
  openAccount: operation({
    method: 'POST',
    path: '/wallet/accounts',
    title: 'Open account',
    description:
      'Opens an owner’s account in a currency, for example to set limits before its first use. Returns the existing account if there is one.',
    access: { scope: 'wallet:write' },
    input: z.object({ ownerId: receivingOwnerId, currency }),
    output: account,
    successStatus: 201,
    errors: ownerFailures,
  }),
  getAccount: operation({
    method: 'GET',
    path: '/wallet/accounts/{accountId}',
    title: 'Get account',
    description: 'One account with its balance and limits, and if it is frozen.',
    access: { scope: 'wallet:read' },
    input: z.object({ accountId }),
    output: account,
    errors: { ACCOUNT_NOT_FOUND: accountNotFound },
  }),
  listAccounts: operation({
    method: 'GET',
    path: '/wallet/accounts',
    title: 'List accounts',
    description: 'Accounts, oldest first. Filter by owner, currency or frozen.',
    access: { scope: 'wallet:read' },
    input: z.object({
      ownerId: ownerId.optional(),
      currency: currency.optional(),
      frozen: z
        .boolean()
        .optional()
        .describe('Whether to list only frozen accounts, or only those that are not frozen'),
      ...pageQuery,
    }),
    output: page(account),
  }),
  freezeAccount: operation({
    method: 'POST',
    path: '/wallet/accounts/{accountId}/freeze',
    title: 'Freeze account',
    description:
      'Nothing may leave the account: no new holds, transfers or payouts. Money may still arrive, and holds made before may still be captured.',
    access: { scope: 'wallet:write' },
    input: z.object({ accountId, reason }),
    output: account,
    errors: { ACCOUNT_NOT_FOUND: accountNotFound },
  }),
  unfreezeAccount: operation({
    method: 'POST',
    path: '/wallet/accounts/{accountId}/unfreeze',
    title: 'Unfreeze account',
    description: 'Lets money leave the account again.',
    access: { scope: 'wallet:write' },
    input: z.object({ accountId }),
    output: account,
    errors: { ACCOUNT_NOT_FOUND: accountNotFound },
  }),
  setLimits: operation({
    method: 'PUT',
    path: '/wallet/accounts/{accountId}/limits',
    title: 'Set account limits',
    description: 'Replaces the limits of an account. They apply from now on; open holds stay.',
    access: { scope: 'wallet:write' },
    input: z.object({ accountId, ...limits.shape }),
    output: account,
    errors: { ACCOUNT_NOT_FOUND: accountNotFound },
  }),
  listSystemAccounts: operation({
    method: 'GET',
    path: '/wallet/system-accounts',
    title: 'List platform accounts',
    description:
      'Totals of the platform’s own accounts, the other side of every movement. Their names say what each is for.',
    access: { scope: 'wallet:read' },
    input: z.object({ currency: currency.optional() }),
    output: z.object({
      items: z.array(
        z.object({
          name: systemAccount,
          currency,
          debits: total,
          credits: total,
        }),
      ),
    }),
  }),
  rebuildRecentBalances: operation({
    method: 'POST',
    path: '/wallet/recent-balances/rebuild',
    title: 'Rebuild recent balances',
    description:
      'Writes recent balances again from the ledger, for the owners of so many accounts in each call: repeat with nextCursor until it is null. For a store that lost them or never had them. Safe at any time.',
    access: { scope: 'wallet:write' },
    cannotRehearse: 'it writes to the key-value store.',
    input: z.object({
      limit: z.int().min(1).max(1_000).default(200).describe('How many accounts, 1 to 1,000'),
      cursor: opaque(2_000).optional().describe('nextCursor of the previous call'),
    }),
    output: z.object({ accounts: z.int().describe('Read by this call'), nextCursor: z.string().nullable() }),
  }),
  auditLedger: operation({
    method: 'GET',
    path: '/wallet/audit',
    title: 'Audit ledger',
    description:
      'Recomputes every balance and every hold from the entries, in one snapshot, and reports differences. Safe at any time.',
    access: { scope: 'wallet:read' },
    input: z.object({}),
    output: z.object({
      consistent: z.boolean(),
      accounts: z.int(),
      transfers: z.int(),
      holds: z.int(),
      currencies: z.array(z.object({ currency, debits: total, credits: total })),
      problems: z.array(z.string()).describe('At most 100 sentences, one for each difference'),
    }),
  }),
};
