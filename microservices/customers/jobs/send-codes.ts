import { Problem } from '../../chassis/problem.ts';
import { notificationsContract } from '../../notifications/contract.ts';
import type { Context } from '../context.ts';
import { claimCodesToSend, markSent, type CodeRow } from '../store/codes.ts';
import { findByEmail, findCustomer } from '../store/customers.ts';

const AT_ONCE = 20;
const TRY_AGAIN_MS = 30_000;

/** The message of each purpose, as the notifications service names its templates. */
const TEMPLATES = {
  verify_email: 'verify-email',
  reset_password: 'reset-password',
  account_exists: 'account-exists',
} as const;

/**
 * Sends the codes that wait, through the notifications service. The code is computed here and goes into that one call:
 * no event, row or log has it. Safe to repeat: the call carries the code's id as its key. True when there is more to
 * send.
 */
export const sendCodes = async (context: Context): Promise<boolean> => {
  const now = context.now();
  const codes = await claimCodesToSend(context.database, now, new Date(now.getTime() + TRY_AGAIN_MS), AT_ONCE);
  for (const code of codes) await sendCode(context, code);
  return codes.length === AT_ONCE;
};

const sendCode = async (context: Context, code: CodeRow): Promise<void> => {
  if (code.recipient === null) return markSent(context.database, code.id);
  try {
    await context.client(notificationsContract).sendNotification(
      {
        ...(await addresseeOf(context, code, code.recipient)),
        channel: 'email',
        template: TEMPLATES[code.purpose],
        locale: code.locale,
        data: dataFor(context, code),
        purpose: 'transactional',
        dedupeKey: code.id,
      },
      { idempotencyKey: code.id },
    );
  } catch (error) {
    const refused = error instanceof Problem && error.status < 500 && error.status !== 429 && error.status !== 409;
    context.log.error(
      { err: error, codeId: code.id, purpose: code.purpose, givenUp: refused },
      'a one-time code could not be sent',
    );
    if (!refused) return;
  }
  await markSent(context.database, code.id);
};

/**
 * By customer wherever the address is a customer's, so that the notifications service forgets the message with the
 * person; by the bare address where it is not one yet, and then about the customer, for the same reason.
 */
const addresseeOf = async (
  { database }: Context,
  code: CodeRow,
  recipient: string,
): Promise<{ customerId: string } | { email: string; about?: string }> => {
  const owner =
    code.purpose === 'account_exists' || code.customerId === null
      ? await findByEmail(database, recipient)
      : await findCustomer(database, code.customerId);
  if (owner?.email === recipient) return { customerId: owner.id };
  return { email: recipient, ...(code.customerId !== null && { about: code.customerId }) };
};

const dataFor = ({ secrets, now }: Context, code: CodeRow): Record<string, unknown> =>
  code.purpose === 'account_exists'
    ? {}
    : {
        code: secrets.codeFor(code.id),
        codeId: code.id,
        expiresInMinutes: Math.max(1, Math.round((Date.parse(code.expiresAt) - now().getTime()) / 60_000)),
      };

/**
 * Runs `send` now, unless it runs already; then once more after it, so that nothing written meanwhile waits for the
 * job.
 */
export const oneAtATime = (send: () => Promise<unknown>, onError: (error: unknown) => void): (() => void) => {
  let running = false;
  let asked = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      asked = false;
      await send().catch(onError);
    } while (asked);
    running = false;
  };
  return () => {
    asked = true;
    if (!running) void run();
  };
};
