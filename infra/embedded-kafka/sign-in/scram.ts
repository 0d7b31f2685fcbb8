import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { sameSecret, SignInRefused, type Exchange, type User } from './exchange.ts';

/**
 * The part of a password that a server keeps for SCRAM (RFC 5802): enough to check a client and to prove itself,
 * without the password ever going over the wire.
 */
export type ScramKeys = {
  readonly username: string;
  readonly digest: 'sha256' | 'sha512';
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
};

/** Kafka's own least number; more costs every client that connects. */
const defaultIterations = 4096;

export function scramKeys(
  { username, password }: User,
  digest: ScramKeys['digest'],
  salt = randomBytes(16),
  iterations = defaultIterations,
): ScramKeys {
  const bytes = { sha256: 32, sha512: 64 }[digest];
  const salted = pbkdf2Sync(password, salt, iterations, bytes, digest);
  const storedKey = createHash(digest)
    .update(hmac(digest, salted, 'Client Key'))
    .digest();
  return { username, digest, salt, iterations, storedKey, serverKey: hmac(digest, salted, 'Server Key') };
}

const hmac = (digest: string, key: Buffer, text: string): Buffer => createHmac(digest, key).update(text).digest();

/** The two rounds of a sign-in: the client names itself, then proves itself and has the server prove itself. */
export function scramExchange(keys: ScramKeys, newNonce = () => randomBytes(18).toString('base64url')): Exchange {
  let round: Exchange = (token) => {
    const first = readClientFirst(token);
    const nonce = first.nonce + newNonce();
    const serverFirst = `r=${nonce},s=${keys.salt.toString('base64')},i=${keys.iterations}`;
    if (!sameSecret(first.username, keys.username)) throw new SignInRefused();
    round = (proof) => checkClientFinal(keys, first, { nonce, serverFirst }, proof);
    return { reply: Buffer.from(serverFirst), isDone: false };
  };
  return (token) => round(token);
}

type ClientFirst = {
  readonly header: string;
  readonly bare: string;
  readonly username: string;
  readonly nonce: string;
};

/**
 * "n,," or "y,,", perhaps with an authorization id, then the user and the client's nonce; what follows are extensions.
 */
function readClientFirst(token: Buffer): ClientFirst {
  const found = /^([ny],(?:a=([^,]*))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/.exec(token.toString('utf8'));
  const [, header = '', authorizationId = '', bare = '', name = '', nonce = ''] = found ?? [];
  if (!found || (authorizationId !== '' && authorizationId !== name)) throw new SignInRefused();
  return { header, bare, username: name.replaceAll('=2C', ',').replaceAll('=3D', '='), nonce };
}

function checkClientFinal(
  { digest, storedKey, serverKey }: ScramKeys,
  first: ClientFirst,
  sent: { readonly nonce: string; readonly serverFirst: string },
  token: Buffer,
): ReturnType<Exchange> {
  const found = /^(c=([^,]+),r=([^,]+)(?:,.*)?),p=([^,]+)$/.exec(token.toString('utf8'));
  const [, withoutProof = '', channel = '', nonce = '', proof = ''] = found ?? [];
  // librdkafka before 2.2 writes its own half twice. Kafka looks at the end too; the proof covers what was sent before.
  const isSameTalk = channel === Buffer.from(first.header).toString('base64') && nonce.endsWith(sent.nonce);
  if (!found || !isSameTalk) throw new SignInRefused();
  const authMessage = `${first.bare},${sent.serverFirst},${withoutProof}`;
  const clientKey = xor(Buffer.from(proof, 'base64'), hmac(digest, storedKey, authMessage));
  if (!sameSecret(createHash(digest).update(clientKey).digest(), storedKey)) throw new SignInRefused();
  return { reply: Buffer.from(`v=${hmac(digest, serverKey, authMessage).toString('base64')}`), isDone: true };
}

function xor(left: Buffer, right: Buffer): Buffer {
  if (left.length !== right.length) throw new SignInRefused();
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}
