import type { InputOf } from '../../chassis/contract/index.ts';
import { command, remember, startOver } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import type { inventoryContract } from '../contract.ts';
import type { Reservation } from '../contract/shapes.ts';
import { UNCHANGED, withDelta } from '../policy/levels.ts';
import { planReservation, type Candidate, type Plan } from '../policy/sourcing.ts';
import { lockCandidates, readCandidates, refreshed } from '../store/levels.ts';
import { insertReservation } from '../store/reservations.ts';
import { announceCrossings } from './announce.ts';

type Wish = InputOf<typeof inventoryContract, 'reserveStock'>;

/**
 * Reserving is built for the hot SKU. The plan is made on an unlocked read, so that the many who come when all is sold
 * are refused without waiting for anybody's lock; one statement then locks, checks and takes, so that a level is
 * locked for that statement, the outbox and the commit only. Who was overtaken plans once more under the locks, and
 * that result is final.
 */
export const reserveStock = ({ database }: Context): Handlers['reserveStock'] =>
  command({
    read: async ({ lines }): Promise<Candidate[] | 'overtaken'> => readCandidates(database, skusOf(lines)),
    commit: async (tx, input, { errors }, seen) => {
      const candidates = seen === 'overtaken' ? await lockCandidates(tx, skusOf(input.lines)) : seen;
      const plan = planReservation(input.lines, candidates, input.country);
      if (!isAcceptable(plan, input.partial)) {
        tx.append('inventory.reservation_failed', ...failed(input, plan));
        return remember(errors.OUT_OF_STOCK(sentence(plan), { lines: plan.short }));
      }
      const reservation = await carryOut(tx, input, plan);
      if (!reservation) throw startOver('overtaken');
      return reservation;
    },
  });

const skusOf = (lines: Wish['lines']): string[] => [...new Set(lines.map(({ sku }) => sku))];

const isAcceptable = (plan: Plan, partial: boolean): boolean =>
  plan.short.length === 0 || (partial && plan.taken.length > 0);

/** Undefined when the plan no longer fits. */
const carryOut = async (tx: Tx, input: Wish, plan: Plan): Promise<Reservation | undefined> => {
  const id = newId('res');
  const missing = plan.short.map(({ sku, requested, available }) => ({ sku, requested, reserved: available }));
  const { ownerId, expiresInSeconds } = input;
  const reserved = await insertReservation(tx, { id, ownerId, expiresInSeconds, missing, taken: plan.taken });
  if (!reserved) return undefined;
  const { expiresAt, createdAt, before } = reserved;
  const taken = new Map(plan.taken.map((line) => [`${line.sku} ${line.locationId}`, line.quantity]));
  const after = before.map((level) =>
    refreshed(withDelta(level, { ...UNCHANGED, reserved: taken.get(`${level.sku} ${level.locationId}`) ?? 0 })),
  );
  tx.append('inventory.reserved', id, { reservationId: id, ownerId, lines: plan.taken, missing, expiresAt });
  await announceCrossings(tx, before, after);
  const lines = plan.taken.map((line) => ({ ...line, returned: 0, shipped: 0, allocated: 0 }));
  return { id, ownerId, state: 'reserved', lines, missing, expiresAt, createdAt, settledAt: null };
};

/** The attempt gets an id of its own, so that its event stands in nobody's queue. */
const failed = (input: Wish, plan: Plan) => {
  const reservationId = newId('res');
  return [reservationId, { reservationId, ownerId: input.ownerId, lines: plan.short }] as const;
};

const sentence = ({ short }: Plan): string => {
  const named = short
    .slice(0, 3)
    .map(({ sku, requested, available }) => `${requested} of ${sku} (${available} available)`);
  const more = short.length > 3 ? ` and of ${short.length - 3} more` : '';
  return `There is not enough stock of ${named.join(', ')}${more}. Ask for fewer units, or allow a partial reservation.`;
};
