import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may use the broker. There is one user; it may do everything. */
export type User = { readonly username: string; readonly password: string };

/** A client did not prove who it is. The message goes to the client and tells nothing about the user. */
export class SignInRefused extends Error {
  constructor() {
    super('Authentication failed: invalid username or password');
  }
}

/** Takes a client's next token and returns the reply. Throws SignInRefused when the client is not who it says. */
export type Exchange = (token: Buffer) => { readonly reply: Buffer; readonly isDone: boolean };

/** Compares secrets in a time that tells nothing about them. */
export function sameSecret(left: Buffer | string, right: Buffer | string): boolean {
  const digest = (value: Buffer | string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(left), digest(right));
}
