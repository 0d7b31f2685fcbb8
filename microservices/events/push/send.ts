import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isAllowedAddress, literalAddress } from '../policy/addresses.ts';
import type { Answer } from '../policy/verdict.ts';
import type { PrivateAddresses } from '../settings.ts';

/** How much of an answer is read; the beginning tells an operator enough. */
const MAX_ANSWER_BYTES = 2_000;

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
  deadlineMs: number;
  signal: AbortSignal;
}

/** Posts to receivers over connections that are kept. */
export interface Sender {
  /** Never throws: whatever happens is an answer. Follows no redirect, reads a bounded answer, connects to allowed addresses only. */
  post(post: Post): Promise<Answer>;
  close(): void;
}

class AddressNotAllowed extends Error {}

/** A sender with at most `maxSockets` connections. */
export const openSender = (allow: PrivateAddresses, maxSockets: number): Sender => {
  const options = { keepAlive: true, maxSockets, maxFreeSockets: 4 };
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
  const once = (post: Post): Promise<Answer | 'stale'> => exchange(post, allow, agents);
  return {
    post: async (post) => {
      const first = await once(post);
      // A kept connection that the receiver had closed meanwhile says nothing about the receiver: a new one will.
      const answer = first === 'stale' ? await once(post) : first;
      return answer === 'stale' ? { kind: 'broken', detail: 'The receiver closed the connection.' } : answer;
    },
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
};

/** Looks a host up and hands on allowed addresses only, at the very moment of connecting: a name cannot point elsewhere after it was checked. */
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
    `Events may not be posted to ${host}${address && address !== host ? ` (${address})` : ''}: it is not a public address. PUSH_ALLOW_PRIVATE says which others are allowed.`,
  );

const exchange = (
  post: Post,
  allow: PrivateAddresses,
  agents: { 'http:': HttpAgent; 'https:': HttpsAgent },
): Promise<Answer | 'stale'> =>
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
    const end = (answer: Answer | 'stale'): void => {
      clearTimeout(deadline);
      resolve(answer);
    };
    request.on('error', (error) =>
      end(late ? tooLate(connected(), post.deadlineMs) : answerOf(error, connected(), request)),
    );
    request.on('response', (response) => readAnswer(response, end));
    request.end(post.body);
  });

const watchConnection = (request: ClientRequest, secure: boolean): (() => boolean) => {
  let connected = false;
  request.on('socket', (socket) => {
    // A kept connection is one already; listening on it again and again would pile up.
    if (request.reusedSocket) connected = true;
    else
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
  });
  return () => connected;
};

const tooLate = (connected: boolean, deadlineMs: number): Answer =>
  connected
    ? { kind: 'broken', detail: `The receiver did not answer within ${deadlineMs / 1_000} s.` }
    : { kind: 'unreachable', detail: `No connection came about within ${deadlineMs / 1_000} s.` };

const answerOf = (error: NodeJS.ErrnoException, connected: boolean, request: ClientRequest): Answer | 'stale' => {
  if (error instanceof AddressNotAllowed) return { kind: 'forbidden', detail: error.message };
  if (!connected) return { kind: 'unreachable', detail: `No connection came about: ${error.code ?? error.message}.` };
  if (request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) return 'stale';
  return { kind: 'broken', detail: `The connection broke before an answer came: ${error.code ?? error.message}.` };
};

const readAnswer = (response: IncomingMessage, end: (answer: Answer) => void): void => {
  const parts: Buffer[] = [];
  let size = 0;
  const done = (): void =>
    end({
      kind: 'answered',
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      body: Buffer.concat(parts).toString('utf8').slice(0, MAX_ANSWER_BYTES),
    });
  response.on('data', (part: Buffer) => {
    size += part.length;
    parts.push(part);
    if (size > MAX_ANSWER_BYTES) {
      response.destroy();
      done();
    }
  });
  response.on('end', done);
  // The status is the answer; a body that breaks off changes nothing.
  response.on('error', done);
};
