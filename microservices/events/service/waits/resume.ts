import type { Context } from '../../context.ts';
import type { ReceivedEvent } from '../../contract/values.ts';
import { resumptionOf } from '../../policy/resumption.ts';
import { signatureOf } from '../../policy/signature.ts';
import { pauseAfter } from '../../policy/verdict.ts';
import { saveResumption, takeDue, type WaitRow } from '../../store/waits.ts';
import { endJourney } from '../journeys/journeys.ts';
import { openSender, type Post, type Sender } from '../push/send.ts';

/** Executions that are being resumed at the same time. */
const MOST_AT_ONCE = 50;
/** n8n responds when the execution has ended or is parked again. */
const DEADLINE_MS = 300_000;
/**
 * Nobody else resumes it meanwhile; should the process die, another does afterwards. n8n resumes a parked execution
 * once, however often it is asked.
 */
const TAKEN_MS = 60_000;
/** n8n may be away for minutes; a journey should not wait much longer. */
const LONGEST_PAUSE_MS = 5_000;
const GIVEN_UP_MS = 7 * 86_400_000;

/** Resumes executions whose wait is settled. */
export interface Resumer {
  /** There may be some to resume. */
  wake(): void;
  stop(): Promise<void>;
}

/** Looks every `pollMs` and at each `wake` for waits that are settled, and asks n8n to resume them until it has. */
export const startResumer = (context: Context): Resumer => {
  const { settings, log } = context;
  const stopping = new AbortController();
  const sender = openSender(settings.allowPrivate, MOST_AT_ONCE);
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;

  const look = async (): Promise<void> => {
    const now = context.now();
    const room = MOST_AT_ONCE - running.size;
    if (room <= 0) return;
    for (const wait of await takeDue(context.database, now, new Date(now.getTime() + TAKEN_MS), room)) {
      const work: Promise<void> = resume(context, sender, wait, stopping.signal)
        .catch((err: unknown) => log.warn({ err, waitId: wait.id }, 'a journey could not be resumed; trying again'))
        .finally(() => {
          running.delete(work);
          wake();
        });
      running.add(work);
    }
  };

  const wake = (): void => {
    if (stopping.signal.aborted) return;
    again = looking !== undefined;
    if (looking) return;
    clearTimeout(timer);
    looking = look()
      .catch((err: unknown) => log.warn({ err }, 'waits that are settled could not be looked up; trying again'))
      .finally(() => {
        looking = undefined;
        if (again) wake();
        else if (!stopping.signal.aborted) timer = setTimeout(wake, settings.waitPollMs);
      });
  };

  wake();
  return {
    wake,
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await looking;
      await Promise.all(running);
      sender.close();
    },
  };
};

const resume = async (context: Context, sender: Sender, wait: WaitRow, signal: AbortSignal): Promise<void> => {
  const { database, now, settings } = context;
  const result = await sender.post({ ...requestOf(wait, now()), signal });
  if (signal.aborted && result.kind !== 'responded') return;
  const verdict = resumptionOf(result, wait);
  const at = now();
  const age = at.getTime() - Date.parse(wait.settledAt ?? wait.createdAt);
  if (verdict.kind === 'over')
    return context.commit(async (tx) => {
      await saveResumption(tx, wait.id, { state: verdict.state, note: verdict.note, nextAttemptAt: null }, at);
      await endJourney(tx, wait, verdict.state === 'resumed' ? 'succeeded' : 'failed', at);
    });
  if (age > GIVEN_UP_MS)
    return saveResumption(database, wait.id, { state: 'gone', note: verdict.note, nextAttemptAt: null }, at);
  const pauseMs = Math.min(LONGEST_PAUSE_MS, pauseAfter(wait.attempts, settings.retryMs, Math.random()));
  const nextAttemptAt = new Date(at.getTime() + pauseMs);
  return saveResumption(
    database,
    wait.id,
    { state: 'settled', note: verdict.note, refusals: verdict.refusals, nextAttemptAt },
    at,
  );
};

/** The request that resumes an execution, signed with the secret that its node gave. */
const requestOf = (wait: WaitRow, now: Date): Omit<Post, 'signal'> => {
  const event = wait.event === null ? null : (JSON.parse(wait.event) as ReceivedEvent);
  const body = JSON.stringify({ waitId: wait.id, outcome: wait.outcome, event });
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return {
    url: wait.resumeUrl,
    deadlineMs: DEADLINE_MS,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'FusionCommerce-Events/1',
      'webhook-id': wait.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatureOf([wait.secret], { id: wait.id, timestamp, body }),
    },
  };
};
