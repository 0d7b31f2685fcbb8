import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { allowed, illegalMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import { disputeId, type dispute } from '../contract/disputes.ts';
import { disputeStates } from '../policy/disputes.ts';
import * as store from '../store/disputes.ts';
import { check } from './perform.ts';

type Names = 'getDispute' | 'listDisputes' | 'submitEvidence';

export const disputeHandlers = (context: Context): Pick<Handlers, Names> => {
  const { database } = context;
  return {
    getDispute: async ({ disputeId: id }, { errors }) =>
      shown(found(await store.findDispute(database, id), id, errors)),

    listDisputes: async ({ cursor, ...filter }) => {
      const before = readCursor(cursor, z.tuple([disputeId]));
      return toPage(await store.listDisputes(database, filter, before?.[0]), filter.limit, ({ id }) => [id], shown);
    },

    submitEvidence: command({
      prepare: async ({ disputeId: id, evidence }, { errors }) => {
        const standing = found(await store.findDispute(database, id), id, errors);
        // Written before the bank gets it: a repeat sends the same again, which the bank takes once.
        if (!(await store.keepEvidence(database, id, evidence)) && standing.evidence !== evidence) {
          const [detail] = illegalMove(disputeStates, { name: `Dispute ${id}`, state: standing.state }, 'respond');
          const taken =
            standing.evidence === null ? detail : `Dispute ${id} has its evidence already: it is sent once.`;
          throw errors.ILLEGAL_STATE(taken, { state: standing.state, allowed: allowed(disputeStates, standing.state) });
        }
        await context.providers.get(standing.provider)?.submitEvidence?.(standing.providerDisputeId, evidence);
        await check(context, standing.partId);
      },
      commit: async (tx, { disputeId: id }, { errors }) => shown(found(await store.findDispute(tx, id), id, errors)),
    }),
  };
};

const found = (
  row: store.Dispute | undefined,
  id: string,
  errors: Pick<Failures<'getDispute'>, 'DISPUTE_NOT_FOUND'>,
): store.Dispute => {
  if (row) return row;
  throw errors.DISPUTE_NOT_FOUND(`There is no dispute ${id}. List the disputes to find the right id.`, {
    disputeId: id,
  });
};

const shown = (row: store.Dispute): z.input<typeof dispute> => {
  const { id, paymentId, partId, orderId, state, reason, evidence, evidenceDueBy, openedAt, closedAt } = row;
  return {
    ...{ id, paymentId, partId, orderId, state, reason, evidence, evidenceDueBy, openedAt, closedAt },
    amount: { amount: row.amount, currency: row.currency },
  };
};
