import type { Context, Tx } from '../context.ts';
import { afterQuietHours, isQuiet, retryAt } from '../policy/sending.ts';
import { makeMove, type MoveNotes } from '../service/moves.ts';
import { mayMarket } from '../service/recipient.ts';
import { putMessage } from '../store/dev-inbox.ts';
import { lockNotification, saveNotification, type NotificationRow } from '../store/notifications.ts';
import { findPreference } from '../store/persons.ts';
import { BUCKETS, claimDue } from '../store/queue.ts';
import { openMailer, type Mail, type MailOutcome, type Mailer, type Pauses } from './mail.ts';

const BATCH = 20;
/** Longer than a batch can take with every time-out in mail.ts running out. */
const CLAIM_MS = 180_000;

/**
 * Sends what is due, a batch from each bucket; true when there is more. A message is claimed, handed to its channel and
 * then recorded: a process that dies in between loses the claim only, so e-mail goes out at least once under one
 * Message-ID, and is recorded exactly once.
 */
export const deliverDue = (context: Context): (() => Promise<boolean>) => {
  const pauses: Pauses = new Map();
  return async () => {
    let more = false;
    const mailer = openMailer(context.mailServers, pauses);
    try {
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
        const now = context.now();
        const claimed = await claimDue(context.database, bucket, now, new Date(now.getTime() + CLAIM_MS), BATCH);
        await Promise.all(claimed.map((row) => deliver(context, mailer, row)));
        more ||= claimed.length === BATCH;
      }
    } finally {
      mailer.close();
    }
    return more;
  };
};

/**
 * One message must not hold up the others: what fails unexpectedly is logged and comes back when its claim has run out.
 */
const deliver = async (context: Context, mailer: Mailer, row: NotificationRow): Promise<void> => {
  try {
    if (row.purpose === 'marketing' && !(await mayGoOut(context, row))) return;
    if (row.channel === 'in_app') await handOver(context, row, 'in-app');
    else if (context.mailServers.length === 0) await handOver(context, row, 'dev-inbox');
    else await record(context, row, await mailer.send(mailOf(context.settings.from, row)));
  } catch (error) {
    context.log.warn(
      { err: error, notificationId: row.id },
      'a notification could not be handled and will be tried again',
    );
  }
};

/** Hours may have passed since it was queued: consent may be gone, and the night may have come. */
const mayGoOut = async (context: Context, row: NotificationRow): Promise<boolean> => {
  const { database, settings } = context;
  if (!(await mayMarket(context, row.customer_id, row.channel))) {
    await whileClaimed(context, row, async (tx, current, notes) => {
      await makeMove(tx, current, 'cancel', { ...notes, because: 'consent_withdrawn' });
    });
    return false;
  }
  const { quietHours, timeZone } =
    (row.customer_id === null ? undefined : await findPreference(database, row.customer_id)) ?? settings;
  const now = context.now();
  if (!isQuiet(now, quietHours, timeZone)) return true;
  await whileClaimed(context, row, async (tx, current) => {
    const sendAfter = afterQuietHours(now, quietHours, timeZone).toISOString();
    await saveNotification(tx, {
      ...current,
      claimed_until: null,
      attempts: current.attempts - 1,
      send_after: sendAfter,
    });
  });
  return false;
};

/** Into an inbox that is a table of ours: handing over, recording and having arrived are one commit. */
const handOver = (context: Context, row: NotificationRow, provider: 'in-app' | 'dev-inbox'): Promise<void> =>
  whileClaimed(context, row, async (tx, current, notes) => {
    if (provider === 'dev-inbox') {
      await putMessage(tx, {
        id: row.id,
        sender: context.settings.from,
        recipient: row.recipient ?? '',
        subject: row.subject,
        body: row.body ?? '',
        html: row.html,
        template: row.template,
        received_at: notes.now,
      });
    }
    const sent = await makeMove(tx, current, 'send', { ...notes, provider });
    if (sent) await makeMove(tx, sent, 'deliver', notes);
  });

const record = async (context: Context, row: NotificationRow, outcome: MailOutcome): Promise<void> => {
  if (outcome.kind === 'sent') {
    // Sent is sent, even if our claim has run out meanwhile.
    return whileQueued(context, row, async (tx, current, notes) => {
      await makeMove(tx, current, 'send', { ...notes, provider: outcome.provider });
    });
  }
  return whileClaimed(context, row, async (tx, current, notes) => {
    if (outcome.kind === 'refused' || current.attempts >= context.settings.maxAttempts) {
      await makeMove(tx, current, 'fail', { ...notes, reason: outcome.reason, detail: outcome.detail });
    } else {
      const next = retryAt(current.attempts, new Date(notes.now), context.settings.retryMs, Math.random());
      await saveNotification(tx, {
        ...current,
        claimed_until: null,
        last_error: outcome.detail,
        send_after: next.toISOString(),
      });
    }
  });
};

type Work = (tx: Tx, current: NotificationRow, notes: MoveNotes) => Promise<void>;

/** Works on the row as it is now, if it still waits: somebody may have cancelled, erased or sent it meanwhile. */
const whileQueued = (context: Context, { id }: NotificationRow, work: Work): Promise<void> =>
  context.commit(async (tx) => {
    const current = await lockNotification(tx, id);
    if (current?.state === 'queued') await work(tx, current, { now: context.now().toISOString() });
  });

/** The same, and only while our claim holds. */
const whileClaimed = (context: Context, row: NotificationRow, work: Work): Promise<void> =>
  whileQueued(context, row, async (tx, current, notes) => {
    if (current.claimed_until === row.claimed_until) await work(tx, current, notes);
  });

const mailOf = (from: string, row: NotificationRow): Mail => ({
  from,
  to: row.recipient ?? '',
  subject: row.subject,
  text: row.body ?? '',
  html: row.html,
  messageId: `<${row.id}@${/@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'}>`,
  purpose: row.purpose,
});
