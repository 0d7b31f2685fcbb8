import { after } from '../../chassis/state-machine.ts';
import type { Tx } from '../context.ts';
import { isDone, notificationStates, type Move } from '../policy/states.ts';
import { saveNotification, type NotificationRow } from '../store/notifications.ts';
import { aboutNotification } from './shown.ts';

/** Details that are recorded with a move. */
export interface MoveNotes {
  now: string;
  provider?: string;
  /** Short, without personal data: it is published. */
  reason?: string;
  /** As the provider put it: kept in the row. */
  detail?: string | undefined;
  because?: 'requested' | 'consent_withdrawn' | 'customer_erased';
}

/**
 * Makes a move that the state machine allows, saves and announces it. The row must be locked. Returns the row as it is
 * then, or undefined when the move is not possible in its state.
 */
export const makeMove = async (
  tx: Tx,
  row: NotificationRow,
  move: Move,
  notes: MoveNotes,
): Promise<NotificationRow | undefined> => {
  const state = after(notificationStates, row.state, move);
  if (state === undefined) return isDone(row.state, move) ? row : undefined;
  const changed = forgettingSecrets({ ...row, state, claimed_until: null, ...changesOf(move, row, notes) });
  await saveNotification(tx, changed);
  announce(tx, changed, move, notes);
  return changed;
};

const changesOf = (
  move: Move,
  row: NotificationRow,
  { now, provider, reason, detail }: MoveNotes,
): Partial<NotificationRow> => {
  switch (move) {
    case 'send':
      return { sent_at: now, provider: provider ?? null, last_error: null };
    case 'deliver':
      return { delivered_at: now };
    case 'read':
      return { read_at: now, delivered_at: row.delivered_at ?? now };
    case 'fail':
      return { last_error: (detail ?? reason ?? null)?.slice(0, 500) ?? null };
    case 'retry':
      return { attempts: 0, send_after: now };
    case 'cancel':
      return {};
  }
};

/** A secret is kept only as long as it waits to be sent. */
const forgettingSecrets = (row: NotificationRow): NotificationRow =>
  row.confidential && row.state !== 'queued' ? { ...row, body: null, html: null } : row;

const announce = (tx: Tx, row: NotificationRow, move: Move, { reason, because }: MoveNotes): void => {
  const about = aboutNotification(row);
  const { id, attempts, locale } = row;
  switch (move) {
    case 'send':
      return tx.append('notification.sent', id, { ...about, provider: row.provider ?? 'unknown', attempts });
    case 'deliver':
      return tx.append('notification.delivered', id, about);
    case 'read':
      return tx.append('notification.read', id, about);
    case 'fail':
      return tx.append('notification.failed', id, { ...about, attempts, reason: reason ?? 'unknown' });
    case 'cancel':
      return tx.append('notification.cancelled', id, { ...about, reason: because ?? 'requested' });
    case 'retry':
      return tx.append('notification.queued', id, { ...about, locale, sendAfter: row.send_after });
  }
};
