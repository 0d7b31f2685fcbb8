import { createHmac, timingSafeEqual } from 'node:crypto';

/** The headers of a delivery by Standard Webhooks, and its body as it was sent. */
export interface Signed {
  id: string;
  /** Seconds since 1970. */
  timestamp: string;
  /** "v1,<base64>", several separated by spaces while a secret is being exchanged. */
  signature: string;
  body: Buffer;
}

export type Verdict = 'genuine' | 'forged' | 'stale';

const TOLERANCE_SECONDS = 300;

/** Checks that a delivery was signed with the secret (whsec_…) and sent within the last five minutes. */
export const judge = (secret: string, { id, timestamp, signature, body }: Signed, nowMs: number): Verdict => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  const isSigned = signature
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
  if (key.length === 0 || !isSigned) return 'forged';
  return Math.abs(nowMs / 1_000 - Number(timestamp)) <= TOLERANCE_SECONDS ? 'genuine' : 'stale';
};
