import { newId } from '../../chassis/ids.ts';
import { CODE_RULE } from '../policy.ts';
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
import type { CustomersTransaction, Kit } from '../types.ts';
import { countTry } from './guards.ts';

const MINUTE = 60_000;

export interface SentCode {
  codeId: string;
  expiresAt: string;
}

/** Bounds how many codes go to an address, before anything else happens. */
export const countCode = (kit: Kit, email: string, errors: Parameters<typeof countTry>[3]): Promise<void> =>
  countTry(kit, CODE_RULE, kit.secrets.throttleKey('code', email), errors);

/** Writes a code that will be sent after the commit. A decoy (no customer, no recipient) looks the same from outside. */
export const issueCode = async (
  kit: Kit,
  tx: CustomersTransaction,
  code: { purpose: CodePurpose; customerId: string | null; recipient: string | null; locale: string; minutes?: number },
): Promise<SentCode> => {
  const now = kit.platform.now();
  const expiresAt = new Date(now.getTime() + (code.minutes ?? kit.settings.codeMinutes) * MINUTE);
  const id = newId('otc');
  await insertCode(tx, { ...code, id, now, expiresAt });
  return { codeId: id, expiresAt: expiresAt.toISOString() };
};

/**
 * Writes a code that proves an address; earlier ones stop working. When the address already signs in another account its owner is told
 * instead, and nobody outside sees the difference.
 */
export const issueVerification = async (
  kit: Kit,
  tx: CustomersTransaction,
  who: { customerId: string; email: string; locale: string },
): Promise<SentCode> => {
  const owner = await findByEmail(tx, who.email);
  const taken = owner !== undefined && owner.id !== who.customerId;
  await expireCodes(tx, who.customerId, ['verify_email', 'account_exists'], kit.platform.now());
  return issueCode(kit, tx, {
    purpose: taken ? 'account_exists' : 'verify_email',
    customerId: who.customerId,
    recipient: who.email,
    locale: taken ? owner.locale : who.locale,
  });
};

/**
 * Tries a typed code in a transaction of its own, so that a wrong try stays counted whatever follows. Answers what the code is for when
 * it is right; it is not used up yet.
 */
export const rightCode = (
  kit: Kit,
  purpose: CodePurpose,
  which: { id: string } | { customerId: string },
  typed: string,
): Promise<CodeRow | undefined> =>
  kit.platform.database.transaction(async (tx) => {
    const id = 'id' in which ? which.id : await newestCode(tx, which.customerId, purpose);
    const code = id === undefined ? undefined : await tryCode(tx, id, purpose, kit.platform.now());
    return code && kit.secrets.isCodeFor(code.id, typed) && code.customerId !== null ? code : undefined;
  });

/** Uses a code up; false when somebody else just did. */
export const consumeCode = (kit: Kit, tx: CustomersTransaction, code: CodeRow): Promise<boolean> =>
  useCode(tx, code.id, kit.platform.now());
