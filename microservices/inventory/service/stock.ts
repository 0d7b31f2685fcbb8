import { z } from 'zod';
import { actorOf } from '../../chassis/auth/caller.ts';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import type { MovementKind } from '../contract/shapes.ts';
import { UNCHANGED } from '../policy/levels.ts';
import { auditStock } from '../store/audit.ts';
import { isLegacyLevel } from '../store/legacy.ts';
import { changeLevels, ensureLevels, lockLevel } from '../store/levels.ts';
import { getMovement, listMovements } from '../store/movements.ts';
import { aboutLevel, announceCrossings, announceShortage, levelAggregate } from './announce.ts';
import { arrive } from './deliveries.ts';
import { noLocation, notFree } from './refusals.ts';

type Names = 'receiveStock' | 'adjustStock' | 'countStock' | 'listMovements' | 'auditStock';

export const stockHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  receiveStock: command(async (tx, input, { errors, caller }) => {
    const { sku, locationId, quantity } = input;
    if (!(await ensureLevels(tx, locationId, [sku]))) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
    const arrived =
      input.deliveryId === undefined ? 0 : await arrive(tx, { ...input, deliveryId: input.deliveryId }, errors);
    const booked = await book(tx, {
      sku,
      locationId,
      change: quantity,
      incoming: -arrived,
      kind: 'receipt',
      causeId: input.deliveryId ?? input.reference ?? null,
      reason: null,
      actor: actorOf(caller),
    });
    const reference = input.reference ?? null;
    tx.append('inventory.received', levelAggregate(booked.level), {
      ...aboutLevel(booked.level),
      quantity,
      reference,
    });
    return booked.response();
  }),

  adjustStock: command(async (tx, input, { errors, caller }) => {
    const { sku, locationId, change, reason } = input;
    if (!(await ensureLevels(tx, locationId, [sku]))) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
    const booked = await book(tx, {
      sku,
      locationId,
      change,
      kind: 'adjustment',
      causeId: null,
      reason,
      actor: actorOf(caller),
    });
    if (!booked.applied) throw errors.INSUFFICIENT_STOCK(...notFree([{ before: booked.before, requested: -change }]));
    tx.append('inventory.adjusted', levelAggregate(booked.level), { ...aboutLevel(booked.level), change, reason });
    return booked.response();
  }),

  countStock: command(async (tx, input, { errors, caller }) => {
    const { sku, locationId, counted, reason } = input;
    if (!(await ensureLevels(tx, locationId, [sku]))) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
    if (await isLegacyLevel(tx, sku, locationId))
      throw errors.UPDATE_UNFINISHED(
        `It is not known yet which units of ${sku} at ${locationId} were shipped before the last update. Record the count again in a minute.`,
        { sku, locationId },
      );
    const { onHand } = await lockLevel(tx, sku, locationId);
    const change = counted - onHand;
    const booked = await book(tx, {
      sku,
      locationId,
      change,
      counted: true,
      kind: 'count',
      causeId: null,
      reason,
      actor: actorOf(caller),
    });
    await announceShortage(tx, booked.before, booked.level);
    tx.append('inventory.adjusted', levelAggregate(booked.level), { ...aboutLevel(booked.level), change, reason });
    return booked.response();
  }),

  listMovements: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([id('mov')]));
    return toPage(await listMovements(database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },

  auditStock: async () => auditStock(database),
});

interface Booking {
  sku: string;
  locationId: string;
  change: number;
  incoming?: number;
  /** It says what lies on the shelf, however much of it is promised. */
  counted?: boolean;
  kind: MovementKind;
  causeId: string | null;
  reason: string | null;
  actor: string;
}

/**
 * Books one change of what is on hand. Unless it was counted, units that leave must be there and promised to nobody;
 * otherwise nothing is written.
 */
const book = async (tx: Tx, booking: Booking) => {
  const { sku, locationId, change, counted = false, kind, causeId, reason, actor } = booking;
  const movementId = newId('mov');
  const changed = await changeLevels(tx, [
    {
      sku,
      locationId,
      ...UNCHANGED,
      onHand: change,
      incoming: booking.incoming ?? 0,
      guarded: change < 0 && !counted,
      counted,
      movement: { id: movementId, kind, causeId, reason, actor },
    },
  ]);
  const [before] = changed.before;
  const [level] = changed.after;
  if (!before || !level) throw new Error(`The level of ${sku} at ${locationId} vanished under its lock`);
  if (changed.applied) await announceCrossings(tx, [before], [level]);
  return {
    applied: changed.applied,
    before,
    level,
    response: async () => ({ movement: await getMovement(tx, movementId), level }),
  };
};
