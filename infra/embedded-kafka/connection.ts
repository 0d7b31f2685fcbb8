import type { Socket } from 'node:net';
import { answerFrame, NotSignedIn } from './answer-frame.ts';
import { closeWithReason, reasonOf, type Connection, type ConnectionOptions } from './connection-state.ts';
import { silent, stalledMs, stopWatching, watchFrame, watchSignIn } from './connection-time.ts';
import { cutFrames, discardPartialFrame, frameCutter, type Frame } from './frames.ts';
import { MalformedRequest } from './protocol/reader.ts';
import { UnansweredProduceFailed } from './requests/produce.ts';
import { answerBareToken } from './requests/sasl.ts';
import { SignInRefused } from './sign-in/exchange.ts';
import { expectsBareToken, isRefused, isSignedIn, newSession } from './sign-in/session.ts';

/** Requests waiting beyond this make us stop reading from the socket until they are answered. */
const readAheadBytes = 256 * 1024;
/** Nothing that a client sends before it has signed in needs more. */
const maxFrameBytesBeforeSignIn = 16 * 1024;
/** A request's header. */
const smallestRequest = 8;

/**
 * Serves one client. Its requests are answered one after the other, in order, as Kafka does; the next is taken up when
 * the last response has left for the socket, so that a slow reader holds one response in memory and no more.
 */
export function serveConnection(socket: Socket, options: ConnectionOptions): Connection {
  const { mechanisms, onSignedIn, ...rest } = options;
  const session = newSession(mechanisms, () => {
    clearTimeout(connection.signInTimer);
    connection.cutter.maxFrameBytes = rest.limits.maxFrameBytes;
    connection.cutter.minFrameBytes = smallestRequest;
    onSignedIn();
  });
  const maxFrameBytes = isSignedIn(session) ? rest.limits.maxFrameBytes : maxFrameBytesBeforeSignIn;
  const connection: Connection = {
    ...rest,
    socket,
    session,
    cutter: frameCutter(Math.min(maxFrameBytes, rest.limits.maxFrameBytes), smallestRequest),
    waiting: [],
    closeListeners: new Set(),
    waitingBytes: 0,
    answering: null,
    isSending: false,
    signInTimer: undefined,
    frameTimer: undefined,
  };
  if (!isSignedIn(session)) watchSignIn(connection);
  listenTo(connection);
  return connection;
}

function listenTo(connection: Connection): void {
  const { socket, limits } = connection;
  socket.setNoDelay(true);
  socket.setKeepAlive(true, stalledMs);
  socket.setTimeout(limits.idleMs);
  socket.on('data', (chunk: Buffer) => receive(connection, chunk));
  socket.on('timeout', () => silent(connection));
  socket.on('error', () => undefined); // 'close' follows, and says all there is to do
  socket.on('close', () => closed(connection));
}

function receive(connection: Connection, chunk: Buffer): void {
  connection.traffic.bytesIn += chunk.length;
  let completed = 0;
  try {
    for (const frame of cutFrames(connection.cutter, chunk)) {
      completed += 1;
      connection.waiting.push(frame);
      connection.waitingBytes += frame.buffer.length;
    }
  } catch (error) {
    return closeWithReason(connection, reasonOf(error));
  }
  if (connection.waitingBytes > readAheadBytes) connection.socket.pause();
  watchFrame(connection, completed > 0);
  startAnswering(connection);
}

function closed(connection: Connection): void {
  stopWatching(connection);
  discardPartialFrame(connection.cutter);
  for (const frame of connection.waiting.splice(0)) frame.release();
  for (const listener of [...connection.closeListeners]) listener();
}

function startAnswering(connection: Connection): void {
  if (connection.answering !== null || connection.waiting.length === 0) return;
  connection.answering = answerWaiting(connection).finally(() => {
    connection.answering = null;
    startAnswering(connection);
  });
}

async function answerWaiting(connection: Connection): Promise<void> {
  for (let frame = connection.waiting.shift(); frame !== undefined; frame = connection.waiting.shift()) {
    const cleanUps = [frame.release];
    if (!isRefused(connection.session)) await answerOrClose(connection, frame, cleanUps);
    for (const cleanUp of cleanUps) cleanUp();
    connection.waitingBytes -= frame.buffer.length;
    if (connection.waitingBytes <= readAheadBytes && connection.socket.isPaused()) {
      connection.socket.resume();
      watchFrame(connection, false);
    }
  }
}

async function answerOrClose(connection: Connection, frame: Frame, cleanUps: (() => void)[]): Promise<void> {
  const { session, socket } = connection;
  try {
    const response = expectsBareToken(session)
      ? await answerBareToken(session, frame.buffer)
      : await answerFrame(connection, frame, (cleanUp) => cleanUps.push(cleanUp));
    if (expectsBareToken(session)) connection.cutter.minFrameBytes = 0;
    if (response !== null) await send(connection, response);
    // The refusal itself still goes out.
    if (isRefused(session)) socket.destroySoon();
  } catch (error) {
    const isExpected = [MalformedRequest, UnansweredProduceFailed, NotSignedIn, SignInRefused].some(
      (kind) => error instanceof kind,
    );
    closeWithReason(connection, reasonOf(error), isExpected ? 'warn' : 'error');
  }
}

/** Resolves when the response was handed to the operating system, or the connection is gone. */
function send(connection: Connection, parts: readonly Buffer[]): Promise<void> {
  const { socket, traffic, limits } = connection;
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    connection.isSending = true;
    socket.setTimeout(stalledMs);
    socket.cork();
    parts.forEach((part, position) => {
      traffic.bytesOut += part.length;
      socket.write(part, position === parts.length - 1 ? () => finish() : undefined);
    });
    socket.uncork();
    const finish = (): void => {
      connection.isSending = false;
      socket.setTimeout(limits.idleMs);
      resolve();
    };
  });
}
