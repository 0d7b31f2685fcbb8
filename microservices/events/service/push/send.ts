import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isAllowedAddress, literalAddress } from '../../policy/addresses.ts';
import type { PostResult } from '../../policy/verdict.ts';
import type { PrivateAddresses } from '../../settings.ts';

/** Bytes of a response that are read: enough for an operator to see what is wrong. */
const MAX_RESPONSE_BYTES = 2_000;

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
  deadlineMs: number;
  signal: AbortSignal;
}

/** Posts to receivers over connections that are kept. */
export interface Sender {
  /**
   * Never throws: failures are results. Follows no redirect, reads a bounded part of the response, connects to allowed
   * addresses only.
   */
  post(post: Post): Promise<PostResult>;
  close(): void;
}

class AddressNotAllowed extends Error {}

/** A sender with at most `maxSockets` connections. */
export const openSender = (allow: PrivateAddresses, maxSockets: number): Sender => {
  const options = { keepAlive: true, maxSockets, maxFreeSockets: 4 };
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
  const once = (post: Post): Promise<PostResult | 'stale'> => exchange(post, allow, agents);
  return {
    post: async (post) => {
      const first = await once(post);
      // The receiver may have closed a kept connection in the meantime: only a new connection shows its state.
      const result = first === 'stale' ? await once(post) : first;
      return result === 'stale' ? { kind: 'broken', detail: 'The receiver closed the connection.' } : result;
    },
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
};

/**
 * Looks a host up for a connection and returns only allowed addresses: a name cannot point elsewhere after the check.
 */
const allowedLookup =
  (allow: PrivateAddresses): LookupFunction =>
  (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const allowed = addresses.filter(({ address }) => isAllowedAddress(address, allow));
      const [first] = allowed;
      if (!first) return callback(notAllowed(hostname, addresses[0]?.address), []);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };

const notAllowed = (host: string, address: string | undefined): AddressNotAllowed =>
  new AddressNotAllowed(
    `Events may not be posted to ${host}${address && address !== host ? ` (${address})` : ''}: it is not a public address. PUSH_ALLOW_PRIVATE allows others.`,
  );

const exchange = (
  post: Post,
  allow: PrivateAddresses,
  agents: { 'http:': HttpAgent; 'https:': HttpsAgent },
): Promise<PostResult | 'stale'> =>
  new Promise((resolve) => {
    const literal = literalAddress(post.url);
    if (literal !== undefined && !isAllowedAddress(literal, allow))
      return resolve({ kind: 'forbidden', detail: notAllowed(literal, undefined).message });
    const secure = post.url.startsWith('https:');
    const request = (secure ? httpsRequest : httpRequest)(post.url, {
      method: 'POST',
      agent: secure ? agents['https:'] : agents['http:'],
      lookup: allowedLookup(allow),
      headers: { ...post.headers, 'content-length': Buffer.byteLength(post.body) },
      signal: post.signal,
    });
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      request.destroy();
    }, post.deadlineMs);
    const connected = watchConnection(request, secure);
    const end = (result: PostResult | 'stale'): void => {
      clearTimeout(deadline);
      resolve(result);
    };
    request.on('error', (error) =>
      end(late ? tooLate(connected(), post.deadlineMs) : resultOf(error, connected(), request)),
    );
    request.on('response', (response) => readResponse(response, end));
    request.end(post.body);
  });

const watchConnection = (request: ClientRequest, secure: boolean): (() => boolean) => {
  let connected = false;
  request.on('socket', (socket) => {
    // A kept connection is connected already; a new listener for each request would leak.
    if (request.reusedSocket) connected = true;
    else
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
  });
  return () => connected;
};

const tooLate = (connected: boolean, deadlineMs: number): PostResult =>
  connected
    ? { kind: 'broken', detail: `The receiver did not respond within ${deadlineMs / 1_000} s.` }
    : { kind: 'unreachable', detail: `No connection within ${deadlineMs / 1_000} s.` };

const resultOf = (error: NodeJS.ErrnoException, connected: boolean, request: ClientRequest): PostResult | 'stale' => {
  if (error instanceof AddressNotAllowed) return { kind: 'forbidden', detail: error.message };
  if (!connected) return { kind: 'unreachable', detail: `No connection: ${error.code ?? error.message}.` };
  if (request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) return 'stale';
  return { kind: 'broken', detail: `The connection broke before the response: ${error.code ?? error.message}.` };
};

const readResponse = (response: IncomingMessage, end: (result: PostResult) => void): void => {
  const parts: Buffer[] = [];
  let size = 0;
  const done = (): void =>
    end({
      kind: 'responded',
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      body: Buffer.concat(parts).toString('utf8').slice(0, MAX_RESPONSE_BYTES),
    });
  response.on('data', (part: Buffer) => {
    size += part.length;
    parts.push(part);
    if (size > MAX_RESPONSE_BYTES) {
      response.destroy();
      done();
    }
  });
  response.on('end', done);
  // The status counts; a body that breaks off changes nothing.
  response.on('error', done);
};
