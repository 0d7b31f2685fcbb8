import type { Transaction } from '../../chassis/transaction.ts';
import type { notificationsContract } from '../contract.ts';
import { move, type Move } from '../policy.ts';
import { saveNotification, type NotificationRow } from '../store/notifications.ts';
import { happened } from './shown.ts';

export type NotificationsTransaction = Transaction<typeof notificationsContract>;

/** What goes along with a move. */
export interface MoveNotes {
  now: string;
  provider?: string;
  /** Short, without personal data: it stands in the event. */
  reason?: string;
  /** The provider's own words: they stand in the row. */
  detail?: string;
  because?: 'requested' | 'consent_withdrawn' | 'customer_erased';
}

/**
 * Makes a move that the state machine allows, saves it and says so. The row must be locked. Answers the row as it is then, or undefined when
 * the move is not possible in its state.
 */
export const makeMove = async (
  tx: NotificationsTransaction,
  row: NotificationRow,
  what: Move,
  notes: MoveNotes,
): Promise<NotificationRow | undefined> => {
  const outcome = move(row.state, what);
  if (outcome.kind === 'illegal') return undefined;
  if (outcome.kind === 'already') return row;
  const changed = forgettingSecrets({ ...row, state: outcome.to, claimed_until: null, ...changesOf(what, row, notes) });
  await saveNotification(tx, changed);
  tell(tx, changed, what, notes);
  return changed;
};

const changesOf = (
  what: Move,
  row: NotificationRow,
  { now, provider, reason, detail }: MoveNotes,
): Partial<NotificationRow> => {
  switch (what) {
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

const tell = (tx: NotificationsTransaction, row: NotificationRow, what: Move, { reason, because }: MoveNotes): void => {
  switch (what) {
    case 'send':
      return tx.append('notification.sent', row.id, {
        ...happened(row),
        provider: row.provider ?? 'unknown',
        attempts: row.attempts,
      });
    case 'deliver':
      return tx.append('notification.delivered', row.id, happened(row));
    case 'read':
      return tx.append('notification.read', row.id, happened(row));
    case 'fail':
      return tx.append('notification.failed', row.id, {
        ...happened(row),
        attempts: row.attempts,
        reason: reason ?? 'unknown',
      });
    case 'cancel':
      return tx.append('notification.cancelled', row.id, { ...happened(row), reason: because ?? 'requested' });
    case 'retry':
      return tx.append('notification.queued', row.id, {
        ...happened(row),
        locale: row.locale,
        sendAfter: row.send_after,
      });
  }
};
