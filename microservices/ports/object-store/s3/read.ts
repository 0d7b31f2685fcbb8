import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { pipeline, Transform, type Readable } from 'node:stream';
import type { ObjectInfo } from '../port.ts';
import type { Connection } from './connection.ts';
import { ask, describe, learnHash, type KnownHashes } from './describe.ts';

export interface OpenObject {
  info: ObjectInfo;
  body: Readable;
}

/** An object's description, or undefined when absent. */
export const statObject = async (at: Connection, key: string, known: KnownHashes): Promise<ObjectInfo | undefined> => {
  const found = await describedAnswer(at, 'HEAD', key, known);
  found?.answer.resume();
  return found?.info;
};

/**
 * Description and bytes from one answer, so that they belong together. The bytes are hashed on their way: they end with
 * an error when they are not those that were stored.
 */
export const getObject = async (at: Connection, key: string, known: KnownHashes): Promise<OpenObject | undefined> => {
  const found = await describedAnswer(at, 'GET', key, known);
  if (!found) return undefined;
  const { info, answer } = found;
  // Whoever reads is told through the body itself.
  const body = pipeline(answer, verifying(info, at.endpoint), () => undefined);
  return { info, body };
};

const TRIES = 5;

const describedAnswer = async (
  at: Connection,
  method: 'GET' | 'HEAD',
  key: string,
  known: KnownHashes,
): Promise<{ info: ObjectInfo; answer: IncomingMessage } | undefined> => {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask(at, method, key);
    if (!answer) return undefined;
    const info = describe(key, answer.headers, known);
    if (info) return { info, answer };
    answer.destroy();
    if (tried === TRIES) throw new Error(`The object ${key} changes faster than it can be read: try again.`);
    await learnHash(at, key, known);
  }
};

const verifying = ({ key, sha256 }: ObjectInfo, endpoint: string): Transform => {
  const hash = createHash('sha256');
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) => {
      const found = hash.digest('hex');
      if (found === sha256) done();
      else
        done(
          new Error(
            `The object ${key} at ${endpoint} is damaged: its bytes have the SHA-256 ${found}, ${sha256} were stored. Store it again, or restore it from a backup.`,
          ),
        );
    },
  });
};
