import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';

type Transport = Pick<typeof http, 'request'>;

/** The statuses that the client turns into an error without reading their bodies. */
const UNREAD = new Set([408, 429, 499, 500, 502, 503, 504, 520]);

/** How the client makes its requests: as Node does, but never waiting for ever. */
export const requestWithTimeouts = (isSecure: boolean, timeoutMs: number): Transport => {
  const { request } = isSecure ? https : http;
  const limited = (options: http.RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest => {
    const sent = request({ ...options, timeout: timeoutMs / 6 }, onResponse);
    let response: IncomingMessage | undefined;
    sent.once('response', (received: IncomingMessage) => {
      response = received;
      // Unread, it would hold its connection for ever.
      if (UNREAD.has(received.statusCode ?? 0)) received.resume();
    });
    // The option holds while it connects; from then on it is how long the server may be silent.
    sent.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => sent.setTimeout(timeoutMs));
      else sent.setTimeout(timeoutMs);
    });
    sent.on('timeout', () => {
      // With bytes waiting to be read it is not the server that is slow.
      if (!response || response.readableLength === 0) sent.destroy(timedOut(timeoutMs));
    });
    return sent;
  };
  // The client calls it with these two arguments only; Node's own has more overloads.
  return { request: limited as typeof http.request };
};

const timedOut = (timeoutMs: number): NodeJS.ErrnoException =>
  Object.assign(new Error(`silent for more than ${timeoutMs / 1_000} s`), { code: 'ETIMEDOUT' });
