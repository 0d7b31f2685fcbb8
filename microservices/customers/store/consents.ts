import type { InputOf } from '../../chassis/contract/index.ts';
import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { newId } from '../../chassis/ids.ts';
import { oneText, readCursor } from '../../chassis/cursor.ts';
import type { customersContract } from '../contract.ts';
import { consent, type Consent, type ConsentDecision } from '../contract/values.ts';

const COLUMNS = columns(Object.keys(consent.shape));
const DECISION = columns([...Object.keys(consent.shape), 'recordedBy']);

export type Subject = Pick<Consent, 'purpose' | 'channel'>;

export const findConsent = (
  database: Queryable,
  customerId: string,
  { purpose, channel }: Subject,
): Promise<Consent | undefined> =>
  database.maybeOne<Consent>(
    `SELECT ${COLUMNS} FROM consent WHERE customer_id = $1 AND purpose = $2 AND channel = $3`,
    [customerId, purpose, channel],
  );

export const listConsents = (database: Queryable, customerId: string): Promise<Consent[]> =>
  database.rows<Consent>(`SELECT ${COLUMNS} FROM consent WHERE customer_id = $1 ORDER BY purpose, channel`, [
    customerId,
  ]);

/** Writes a decision as the last one and into the history. */
export const recordConsent = async (
  tx: Queryable,
  customerId: string,
  { recordedBy, ...decision }: ConsentDecision,
): Promise<void> => {
  const values = [
    customerId,
    decision.purpose,
    decision.channel,
    decision.granted,
    decision.policyVersion,
    decision.source,
    decision.decidedAt,
  ];
  await tx.run(
    `INSERT INTO consent (customer_id, purpose, channel, granted, policy_version, source, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (customer_id, purpose, channel) DO UPDATE SET granted = EXCLUDED.granted, policy_version = EXCLUDED.policy_version,
       source = EXCLUDED.source, decided_at = EXCLUDED.decided_at`,
    values,
  );
  await tx.run(
    `INSERT INTO consent_decision (customer_id, purpose, channel, granted, policy_version, source, decided_at, recorded_by, id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [...values, recordedBy, newId('cns')],
  );
};

type HistoryRow = ConsentDecision & { id: string };

/** Decisions, newest first; one more than `limit`. */
export const listDecisions = (
  database: Queryable,
  filter: InputOf<typeof customersContract, 'listConsentHistory'>,
): Promise<HistoryRow[]> => {
  const [before] = readCursor(filter.cursor, oneText) ?? [null];
  return database.rows<HistoryRow>(
    `SELECT id, ${DECISION} FROM consent_decision
     WHERE customer_id = $1 AND ($2::text IS NULL OR purpose = $2) AND ($3::text IS NULL OR channel = $3) AND ($4::text IS NULL OR id < $4)
     ORDER BY id DESC LIMIT $5`,
    [filter.customerId, filter.purpose, filter.channel, before, filter.limit + 1],
  );
};

export const allDecisions = (database: Queryable, customerId: string): Promise<ConsentDecision[]> =>
  database.rows<ConsentDecision>(`SELECT ${DECISION} FROM consent_decision WHERE customer_id = $1 ORDER BY id`, [
    customerId,
  ]);

/** Moves decisions to another customer, whose own stay as they are. Returns those that are new there. */
export const moveConsents = async (tx: Queryable, from: string, to: string): Promise<Consent[]> => {
  const moved = await tx.rows<Consent>(
    `INSERT INTO consent (customer_id, purpose, channel, granted, policy_version, source, decided_at)
     SELECT $2, purpose, channel, granted, policy_version, source, decided_at FROM consent WHERE customer_id = $1
     ON CONFLICT (customer_id, purpose, channel) DO NOTHING RETURNING ${COLUMNS}`,
    [from, to],
  );
  await tx.run('DELETE FROM consent WHERE customer_id = $1', [from]);
  await tx.run('UPDATE consent_decision SET customer_id = $2 WHERE customer_id = $1', [from, to]);
  return moved;
};

export const deleteConsents = async (tx: Queryable, customerId: string): Promise<void> => {
  await tx.run('DELETE FROM consent WHERE customer_id = $1', [customerId]);
  await tx.run('DELETE FROM consent_decision WHERE customer_id = $1', [customerId]);
};
