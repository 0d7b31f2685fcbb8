import { randomBytes } from 'node:crypto';
import { hash, verify, type Algorithm } from '@node-rs/argon2';

/** Argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet. About 20 ms of one core. */
const PARAMETERS = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface Passwords {
  /** The string to keep: parameters, salt and hash. */
  hash(password: string): Promise<string>;
  /** True when the password is the kept one. Takes as long, and returns false, when there is none to compare with. */
  matches(kept: string | null | undefined, password: string): Promise<boolean>;
}

/** The same letters typed on different keyboards are the same password. */
const normal = (password: string): string => password.normalize('NFKC');

export const createPasswords = async (): Promise<Passwords> => {
  const toHash = (password: string) => hash(normal(password), PARAMETERS);
  // Compared with when there is no account: nobody knows what it is the hash of.
  const dummy = await toHash(randomBytes(32).toString('base64url'));
  return {
    hash: toHash,
    matches: async (kept, password) => {
      const right = await verify(kept ?? dummy, normal(password));
      return right && kept !== null && kept !== undefined;
    },
  };
};
