import type { InputOf } from '../../chassis/contract/index.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { Platform } from '../../chassis/service.ts';
import type { inventoryContract } from '../contract.ts';
import type { Reservation } from '../contract/shapes.ts';
import { withDelta } from '../policy/levels.ts';
import { planReservation, type Candidate, type Plan } from '../policy/sourcing.ts';
import { lockCandidates, readCandidates, refreshed } from '../store/levels.ts';
import { insertReservation } from '../store/reservations.ts';
import { announceCrossings, type InventoryTransaction } from './announce.ts';

type Contract = typeof inventoryContract;
type Wish = InputOf<Contract, 'reserveStock'>;

/** The way out of a transaction whose plan others overtook between the read and the lock. */
const OVERTAKEN = new Error('the pieces were taken between the plan and the lock');

/**
 * Reserving is built for the hot SKU. The plan is made on an unlocked read, so that the many who come when all is sold are told so without waiting
 * for anybody's lock; one statement then locks, checks and takes, so that a level is locked for that statement, the outbox and the commit only. Who
 * was overtaken plans once more under the locks, and that answer is final.
 */
export const reserveHandler =
  (platform: Platform<Contract>): Handlers<Contract>['reserveStock'] =>
  async (input, { commit, errors }) => {
    const skus = [...new Set(input.lines.map(({ sku }) => sku))];
    const attempt = (candidatesIn: (tx: InventoryTransaction) => Promise<Candidate[]>) =>
      commit(async (tx) => {
        const plan = planReservation(input.lines, await candidatesIn(tx), input.country);
        if (!isAcceptable(plan, input.partial)) {
          tx.append('inventory.reservation_failed', ...failed(input, plan));
          return errors.OUT_OF_STOCK(sentence(plan), { lines: plan.short });
        }
        return carryOut(tx, input, plan);
      });
    const seen = await readCandidates(platform.database, skus);
    try {
      return await attempt(async () => seen);
    } catch (error) {
      if (error !== OVERTAKEN) throw error;
      return attempt((tx) => lockCandidates(tx, skus));
    }
  };

const isAcceptable = (plan: Plan, partial: boolean): boolean =>
  plan.short.length === 0 || (partial && plan.taken.length > 0);

/** Throws OVERTAKEN, undoing the transaction, when the plan no longer fits. */
const carryOut = async (tx: InventoryTransaction, input: Wish, plan: Plan): Promise<Reservation> => {
  const id = newId('res');
  const missing = plan.short.map(({ sku, requested, available }) => ({ sku, requested, reserved: available }));
  const { ownerId, expiresInSeconds } = input;
  const reserved = await insertReservation(tx, { id, ownerId, expiresInSeconds, missing, taken: plan.taken });
  if (!reserved) throw OVERTAKEN;
  const { expiresAt, createdAt, before } = reserved;
  const taken = new Map(plan.taken.map((line) => [`${line.sku} ${line.locationId}`, line.quantity]));
  const after = before.map((level) =>
    refreshed(
      withDelta(level, { onHand: 0, incoming: 0, reserved: taken.get(`${level.sku} ${level.locationId}`) ?? 0 }),
    ),
  );
  tx.append('inventory.reserved', id, { reservationId: id, ownerId, lines: plan.taken, missing, expiresAt });
  announceCrossings(tx, before, after);
  const lines = plan.taken.map((line) => ({ ...line, returned: 0 }));
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
  return `There is not enough stock of ${named.join(', ')}${more}. Ask for fewer pieces, or allow a partial reservation.`;
};
