import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { EndReason, SeatState } from '../contract/values.ts';

export interface SeatRow {
  id: string;
  teamId: string;
  campaignId: string;
  customerId: string | null;
  state: SeatState;
  endReason: EndReason | null;
  orderId: string;
  quoteId: string | null;
  holdId: string | null;
  reservationId: string | null;
  currency: string;
  shownPrice: number;
  held: number | null;
  price: number | null;
  paid: number | null;
  attempts: number;
  createdAt: string;
}

const NAMES = [
  'id',
  'teamId',
  'campaignId',
  'customerId',
  'state',
  'endReason',
  'orderId',
  'quoteId',
  'holdId',
  'reservationId',
  'currency',
  'shownPrice',
  'held',
  'price',
  'paid',
  'attempts',
  'createdAt',
];
const SEAT = columns(NAMES, 's');
const TAKEN = `s.state IN ('claimed', 'held', 'won', 'ordered')`;

export const insertSeat = (
  tx: Queryable,
  row: Pick<SeatRow, 'id' | 'teamId' | 'campaignId' | 'customerId' | 'orderId' | 'currency' | 'shownPrice'> & {
    claimKey: string;
    claimedUntil: Date;
    createdAt: Date;
  },
): Promise<SeatRow> =>
  tx.one<SeatRow>(
    `INSERT INTO seat AS s (id, team_id, campaign_id, customer_id, state, claim_key, claimed_until, order_id, currency, shown_price, settle_after, created_at)
     VALUES ($1, $2, $3, $4, 'claimed', $5, $6, $7, $8, $9, $10, $10) RETURNING ${SEAT}`,
    [
      row.id,
      row.teamId,
      row.campaignId,
      row.customerId,
      row.claimKey,
      row.claimedUntil,
      row.orderId,
      row.currency,
      row.shownPrice,
      row.createdAt,
    ],
  );

/** The seat that an earlier attempt of the same request has claimed. */
export const findClaim = (db: Queryable, claimKey: string): Promise<SeatRow | undefined> =>
  db.maybeOne<SeatRow>(`SELECT ${SEAT} FROM seat s WHERE s.claim_key = $1 AND s.state = 'claimed'`, [claimKey]);

/** Seats that a customer has in a campaign, with their teams. Exact under the customer's lock. */
export const takenBy = (db: Queryable, campaignId: string, customerId: string): Promise<{ teamId: string }[]> =>
  db.rows<{ teamId: string }>(
    `SELECT s.team_id AS "teamId" FROM seat s WHERE s.customer_id = $2 AND s.campaign_id = $1 AND ${TAKEN}`,
    [campaignId, customerId],
  );

export const seatOf = (db: Queryable, teamId: string, customerId: string): Promise<SeatRow | undefined> =>
  db.maybeOne<SeatRow>(`SELECT ${SEAT} FROM seat s WHERE s.team_id = $1 AND s.customer_id = $2 AND ${TAKEN}`, [
    teamId,
    customerId,
  ]);

/** The seats of a team, in the order in which they were taken; of one customer where one is named. */
export const listSeats = (db: Queryable, teamId: string, customerId?: string): Promise<SeatRow[]> =>
  db.rows<SeatRow>(
    `SELECT ${SEAT} FROM seat s WHERE s.team_id = $1 AND ($2::text IS NULL OR s.customer_id = $2) ORDER BY s.created_at, s.id`,
    [teamId, customerId],
  );

/** A claimed seat whose money and stock are held; undefined when it was given up meanwhile. */
export const holdSeat = (
  tx: Queryable,
  id: string,
  by: { quoteId: string; holdId: string; reservationId: string; held: number },
): Promise<SeatRow | undefined> =>
  tx.maybeOne<SeatRow>(
    `UPDATE seat s SET state = 'held', quote_id = $2, hold_id = $3, reservation_id = $4, held = $5
     WHERE s.id = $1 AND s.state = 'claimed' RETURNING ${SEAT}`,
    [id, by.quoteId, by.holdId, by.reservationId, by.held],
  );

/** Gives a seat up, from the states named; undefined when it is in none of them. */
export const giveUpSeat = (
  tx: Queryable,
  id: string,
  { from, reason, at }: { from: readonly SeatState[]; reason: EndReason; at: Date },
): Promise<SeatRow | undefined> =>
  tx.maybeOne<SeatRow>(
    `UPDATE seat s SET state = 'releasing', end_reason = $3, settle_after = $4 WHERE s.id = $1 AND s.state = ANY($2::text[]) RETURNING ${SEAT}`,
    [id, from, reason, at],
  );

/** Who was joining is done: what was held for a seat that has ended meanwhile can be let go. */
export const settleNow = async (tx: Queryable, id: string, at: Date): Promise<void> => {
  await tx.run(`UPDATE seat SET settle_after = $2 WHERE id = $1 AND state = 'releasing'`, [id, at]);
};

/** The held seats of a complete team are won at a price, never above the one that each was shown. */
export const winSeats = (tx: Queryable, teamId: string, price: number, at: Date): Promise<SeatRow[]> =>
  tx.rows<SeatRow>(
    `UPDATE seat s SET state = 'won', price = LEAST(s.shown_price, $2), settle_after = $3
     WHERE s.team_id = $1 AND s.state = 'held' RETURNING ${SEAT}`,
    [teamId, price, at],
  );

/** Gives up what a team still has. A claimed seat is settled when who joins can hold nothing for it any more. */
export const giveUpAll = (tx: Queryable, teamId: string, reason: EndReason, at: Date): Promise<SeatRow[]> =>
  tx.rows<SeatRow>(
    `UPDATE seat s SET state = 'releasing', end_reason = $2,
       settle_after = CASE WHEN s.state = 'claimed' THEN s.claimed_until ELSE $3::timestamptz END
     WHERE s.team_id = $1 AND s.state IN ('claimed', 'held') RETURNING ${SEAT}`,
    [teamId, reason, at],
  );

/** Claimed seats whose joining was not finished in time. */
export const staleClaims = (db: Queryable, at: Date, limit: number): Promise<SeatRow[]> =>
  db.rows<SeatRow>(
    `SELECT ${SEAT} FROM seat s WHERE s.state = 'claimed' AND s.claimed_until <= $1 ORDER BY s.claimed_until LIMIT $2`,
    [at, limit],
  );

/** Takes seats that have to become orders or let go, for a while, so that nobody else works on them. */
export const takeToSettle = (tx: Queryable, at: Date, until: Date, limit: number): Promise<SeatRow[]> =>
  tx.rows<SeatRow>(
    `UPDATE seat s SET settle_after = $2, attempts = s.attempts + 1
     WHERE s.id IN (SELECT id FROM seat WHERE state IN ('won', 'releasing') AND settle_after <= $1
                    ORDER BY settle_after LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING ${SEAT}`,
    [at, until, limit],
  );

export const tryLater = async (tx: Queryable, id: string, at: Date): Promise<void> => {
  await tx.run(`UPDATE seat SET settle_after = $2 WHERE id = $1 AND state IN ('won', 'releasing')`, [id, at]);
};

export const orderSeat = (tx: Queryable, id: string, paid: number): Promise<SeatRow | undefined> =>
  tx.maybeOne<SeatRow>(
    `UPDATE seat s SET state = 'ordered', paid = $2 WHERE s.id = $1 AND s.state = 'won' RETURNING ${SEAT}`,
    [id, paid],
  );

export const releaseSeat = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run(`UPDATE seat SET state = 'released' WHERE id = $1 AND state = 'releasing'`, [id]);
};
