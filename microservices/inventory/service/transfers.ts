import { z } from 'zod';
import { actorOf } from '../../chassis/auth/caller.ts';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { after, illegalMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { MovementKind, Transfer } from '../contract/shapes.ts';
import { UNCHANGED } from '../policy/levels.ts';
import { mergeWanted } from '../policy/sourcing.ts';
import { transferStates } from '../policy/states.ts';
import { changeLevels, ensureLevels, type LevelChange } from '../store/levels.ts';
import { findTransfer, insertTransfer, listTransfers, settleTransfer, type NewTransfer } from '../store/transfers.ts';
import { announceCrossings } from './announce.ts';
import { noLocation, notFree } from './refusals.ts';

type Names = 'transferStock' | 'receiveTransfer' | 'cancelTransfer' | 'getTransfer' | 'listTransfers';

export const transferHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  transferStock: command(async (tx, input, { errors, caller }) => {
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
    await announceCrossings(tx, changed.before, changed.after);
    return made;
  }),

  receiveTransfer: command((tx, { transferId }, { errors, caller }) =>
    settle(tx, transferId, 'receive', actorOf(caller), errors),
  ),

  cancelTransfer: command((tx, { transferId }, { errors, caller }) =>
    settle(tx, transferId, 'cancel', actorOf(caller), errors),
  ),

  getTransfer: async ({ transferId }, { errors }) =>
    found(await findTransfer(database, transferId), transferId, errors),

  listTransfers: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([id('stf')]));
    return toPage(await listTransfers(database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },
});

/** Units that leave, and that arrive at once or are in transit. */
const setOut = (transfer: NewTransfer, actor: string): LevelChange[] =>
  transfer.lines.flatMap(({ sku, quantity }) => [
    {
      ...moved(transfer.id, 'transfer_out', -quantity, actor),
      sku,
      locationId: transfer.fromLocationId,
      guarded: true,
    },
    transfer.state === 'in_transit'
      ? { ...UNCHANGED, sku, locationId: transfer.toLocationId, incoming: quantity }
      : { ...moved(transfer.id, 'transfer_in', quantity, actor), sku, locationId: transfer.toLocationId },
  ]);

const moved = (causeId: string, kind: MovementKind, units: number, actor: string) => ({
  ...UNCHANGED,
  onHand: units,
  movement: { id: newId('mov'), kind, causeId, reason: null, actor },
});

/** Ends a transfer in transit at its destination, or back where it came from. */
const settle = async (
  tx: Tx,
  transferId: string,
  event: 'receive' | 'cancel',
  actor: string,
  errors: Failures<'receiveTransfer'>,
): Promise<Transfer> => {
  const to = after(transferStates, 'in_transit', event);
  const settled = to && (await settleTransfer(tx, transferId, to));
  if (!settled) {
    const standing = found(await findTransfer(tx, transferId), transferId, errors);
    throw errors.ILLEGAL_STATE(
      ...illegalMove(transferStates, { name: `Transfer ${transferId}`, state: standing.state }, event),
    );
  }
  const changed = await changeLevels(tx, event === 'receive' ? comeIn(settled, actor) : goBack(settled, actor));
  announce(tx, settled);
  await announceCrossings(tx, changed.before, changed.after);
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
    { ...UNCHANGED, sku, locationId: transfer.toLocationId, incoming: -quantity },
  ]);

const announce = (tx: Tx, { id: transferId, fromLocationId, toLocationId, state, lines }: NewTransfer): void => {
  tx.append('inventory.transferred', transferId, { transferId, fromLocationId, toLocationId, state, lines });
};

const found = (
  transfer: Transfer | undefined,
  transferId: string,
  errors: Pick<Failures<'getTransfer'>, 'TRANSFER_NOT_FOUND'>,
): Transfer => {
  if (!transfer)
    throw errors.TRANSFER_NOT_FOUND(`There is no transfer ${transferId}. List the transfers to find the right id.`, {
      transferId,
    });
  return transfer;
};
