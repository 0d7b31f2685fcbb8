import { readCursor, toPage } from '../../chassis/cursor.ts';
import { z } from 'zod';
import { id } from '../../chassis/contract/index.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { FailureConstructors } from '../../chassis/problem.ts';
import type { Platform } from '../../chassis/service.ts';
import type { inventoryContract } from '../contract.ts';
import type { MovementKind, Transfer } from '../contract/shapes.ts';
import { mergeWanted } from '../policy/sourcing.ts';
import { illegalMove, nextState, transferStates } from '../policy/states.ts';
import { changeLevels, ensureLevels, type LevelChange } from '../store/levels.ts';
import { findTransfer, insertTransfer, listTransfers, settleTransfer, type NewTransfer } from '../store/transfers.ts';
import { announceCrossings, type InventoryTransaction } from './announce.ts';
import { actorOf, noLocation, notFree } from './answers.ts';

type Contract = typeof inventoryContract;
type Names = 'transferStock' | 'receiveTransfer' | 'cancelTransfer' | 'getTransfer' | 'listTransfers';

export const transferHandlers = (platform: Platform<Contract>): Pick<Handlers<Contract>, Names> => ({
  transferStock: async (input, { commit, errors, caller }) =>
    commit(async (tx) => {
      const { fromLocationId, toLocationId } = input;
      const lines = mergeWanted(input.lines).map(({ sku, quantity }) => ({ sku, quantity }));
      const skus = lines.map(({ sku }) => sku);
      for (const locationId of [fromLocationId, toLocationId].toSorted()) {
        if (!(await ensureLevels(tx, locationId, skus))) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
      }
      const state = input.inTransit ? 'in_transit' : 'received';
      const transfer = {
        id: newId('stf'),
        fromLocationId,
        toLocationId,
        state,
        lines,
        reference: input.reference ?? null,
      } satisfies NewTransfer;
      const changed = await changeLevels(tx, setOut(transfer, actorOf(caller)));
      if (!changed.applied) {
        const requested = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
        const leaving = changed.before.filter(({ locationId }) => locationId === fromLocationId);
        throw errors.INSUFFICIENT_STOCK(
          ...notFree(leaving.map((before) => ({ before, requested: requested.get(before.sku) ?? 0 }))),
        );
      }
      const made = await insertTransfer(tx, transfer);
      announce(tx, made);
      announceCrossings(tx, changed.before, changed.after);
      return made;
    }),

  receiveTransfer: async ({ transferId }, { commit, errors, caller }) =>
    commit((tx) => settle(tx, transferId, 'receive', actorOf(caller), errors)),

  cancelTransfer: async ({ transferId }, { commit, errors, caller }) =>
    commit((tx) => settle(tx, transferId, 'cancel', actorOf(caller), errors)),

  getTransfer: async ({ transferId }, { errors }) =>
    found(await findTransfer(platform.database, transferId), transferId, errors),

  listTransfers: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([id('stf')]));
    return toPage(await listTransfers(platform.database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },
});

/** What leaves, and what arrives at once or is on its way. */
const setOut = (transfer: NewTransfer, actor: string): LevelChange[] =>
  transfer.lines.flatMap(({ sku, quantity }) => [
    {
      ...moved(transfer.id, 'transfer_out', -quantity, actor),
      sku,
      locationId: transfer.fromLocationId,
      guarded: true,
    },
    transfer.state === 'in_transit'
      ? { sku, locationId: transfer.toLocationId, onHand: 0, reserved: 0, incoming: quantity }
      : { ...moved(transfer.id, 'transfer_in', quantity, actor), sku, locationId: transfer.toLocationId },
  ]);

const moved = (causeId: string, kind: MovementKind, pieces: number, actor: string) => ({
  onHand: pieces,
  reserved: 0,
  incoming: 0,
  movement: { id: newId('mov'), kind, causeId, reason: null, actor },
});

type SettleErrors = FailureConstructors<Contract['operations']['receiveTransfer']['errors']>;

/** Ends a transfer in transit at its destination, or back where it came from. */
const settle = async (
  tx: InventoryTransaction,
  transferId: string,
  event: 'receive' | 'cancel',
  actor: string,
  errors: SettleErrors,
): Promise<Transfer> => {
  const to = nextState(transferStates, 'in_transit', event);
  const settled = to && (await settleTransfer(tx, transferId, to));
  if (!settled) {
    const standing = found(await findTransfer(tx, transferId), transferId, errors);
    throw errors.ILLEGAL_STATE(
      ...illegalMove(transferStates, { name: `Transfer ${transferId}`, state: standing.state }, event),
    );
  }
  const changed = await changeLevels(tx, event === 'receive' ? comeIn(settled, actor) : goBack(settled, actor));
  announce(tx, settled);
  announceCrossings(tx, changed.before, changed.after);
  return settled;
};

const comeIn = (transfer: Transfer, actor: string): LevelChange[] =>
  transfer.lines.map(({ sku, quantity }) => ({
    ...moved(transfer.id, 'transfer_in', quantity, actor),
    sku,
    locationId: transfer.toLocationId,
    incoming: -quantity,
  }));

const goBack = (transfer: Transfer, actor: string): LevelChange[] =>
  transfer.lines.flatMap(({ sku, quantity }) => [
    { ...moved(transfer.id, 'transfer_back', quantity, actor), sku, locationId: transfer.fromLocationId },
    { sku, locationId: transfer.toLocationId, onHand: 0, reserved: 0, incoming: -quantity },
  ]);

const announce = (
  tx: InventoryTransaction,
  { id: transferId, fromLocationId, toLocationId, state, lines }: NewTransfer,
): void => {
  tx.append('inventory.transferred', transferId, { transferId, fromLocationId, toLocationId, state, lines });
};

const found = (
  transfer: Transfer | undefined,
  transferId: string,
  errors: Pick<SettleErrors, 'TRANSFER_NOT_FOUND'>,
): Transfer => {
  if (!transfer) throw errors.TRANSFER_NOT_FOUND(`There is no transfer ${transferId}.`, { transferId });
  return transfer;
};
