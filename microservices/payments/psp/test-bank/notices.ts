import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { NoticeRefused, type PspNotice } from '../port.ts';

const TOLERANCE_MS = 300_000;
export const SIGNATURE = 'test-bank-signature';

const sign = (secret: string, seconds: number, body: string): string =>
  createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');

/** The header of a signed notice: its time, and an HMAC over time and body. */
export const signature = (secret: string, body: string, at: Date): string => {
  const seconds = Math.floor(at.getTime() / 1_000);
  return `t=${seconds},v1=${sign(secret, seconds, body)}`;
};

const notice = z.object({ id: z.string().max(100), key: z.string().max(100), paymentId: z.string().max(100) });

/** Reads a notice. Throws NoticeRefused for a signature that is missing, wrong, or older than five minutes. */
export const readSigned = (secret: string, body: string, header: string | undefined, now: Date): PspNotice => {
  const [, seconds = '', given = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '') ?? [];
  const expected = sign(secret, Number(seconds), body);
  if (given === '' || !timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(expected, 'hex')))
    throw new NoticeRefused('the signature is missing or wrong');
  if (Math.abs(now.getTime() - Number(seconds) * 1_000) > TOLERANCE_MS)
    throw new NoticeRefused('the signature is older than five minutes');
  const read = notice.safeParse(jsonOf(body));
  if (!read.success) throw new NoticeRefused('the notice does not say what it is about');
  return read.data;
};

const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
