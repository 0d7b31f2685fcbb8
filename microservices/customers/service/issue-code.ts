import { newId } from '../../chassis/ids.ts';
import type { Context, Tx } from '../context.ts';
import {
  expireCodes,
  insertCode,
  newestCode,
  tryCode,
  useCode,
  type CodePurpose,
  type CodeRow,
} from '../store/codes.ts';
import { findByEmail } from '../store/customers.ts';

const MINUTE = 60_000;

export interface SentCode {
  codeId: string;
  expiresAt: string;
}

export const WRONG_CODE =
  'This code is wrong, was used, or has expired. Check the newest message, or ask for a new code; after five wrong tries a new one is needed.';

/**
 * Writes a code that will be sent after the commit. A decoy (no customer, no recipient) looks the same from outside.
 */
export const issueCode = async (
  context: Context,
  tx: Tx,
  code: { purpose: CodePurpose; customerId: string | null; recipient: string | null; locale: string; minutes?: number },
): Promise<SentCode> => {
  const now = context.now();
  const expiresAt = new Date(now.getTime() + (code.minutes ?? context.settings.codeMinutes) * MINUTE);
  const id = newId('otc');
  await insertCode(tx, { ...code, id, now, expiresAt });
  return { codeId: id, expiresAt: expiresAt.toISOString() };
};

/**
 * Writes a code that proves an address; earlier ones stop working. When the address already signs in another account,
 * its owner gets a message about that instead, and the response does not show the difference.
 */
export const issueVerification = async (
  context: Context,
  tx: Tx,
  who: { customerId: string; email: string; locale: string },
): Promise<SentCode> => {
  const owner = await findByEmail(tx, who.email);
  const taken = owner !== undefined && owner.id !== who.customerId;
  await expireCodes(tx, who.customerId, ['verify_email', 'account_exists'], context.now());
  return issueCode(context, tx, {
    purpose: taken ? 'account_exists' : 'verify_email',
    customerId: who.customerId,
    recipient: who.email,
    locale: taken ? owner.locale : who.locale,
  });
};

/**
 * Tries a typed code in a transaction of its own, so that a wrong try stays counted whatever follows. Returns what the
 * code is for when it is right; it is not used up yet.
 */
export const rightCode = (
  context: Context,
  purpose: CodePurpose,
  which: { id: string } | { customerId: string },
  typed: string,
): Promise<CodeRow | undefined> =>
  context.database.transaction(async (tx) => {
    const id = 'id' in which ? which.id : await newestCode(tx, which.customerId, purpose);
    const code = id === undefined ? undefined : await tryCode(tx, id, purpose, context.now());
    return code && context.secrets.isCodeFor(code.id, typed) && code.customerId !== null ? code : undefined;
  });

/** Uses a code up; false when somebody else just did. */
export const consumeCode = (context: Context, tx: Tx, code: CodeRow): Promise<boolean> =>
  useCode(tx, code.id, context.now());
