import { maxHeaderSize, STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import express, { type RequestHandler } from 'express';
import { Problem } from '../chassis/problem.ts';
import { isLoopbackHost } from '../chassis/http/this-machine.ts';
import { sendProblem } from './problems.ts';
import { networkOf, plainAddress } from '../chassis/http/network.ts';
import type { TrustedProxies } from './visitor.ts';

/** Node's limits for one request, in milliseconds: its headers, all of it, and how often that is checked. */
export const REQUEST_TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 300_000, connectionsCheckingInterval: 5_000 };

const PER_NETWORK = 1_000;

/** True for addresses that many visitors share: proxies in front, and this machine. */
export const sharedAddress = (trusted: TrustedProxies): ((address: string) => boolean) => {
  const app = express().set('trust proxy', trusted);
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return (address) => isLoopbackHost(address) || isTrusted(address, 0);
};

/**
 * Closes connections beyond `most` of one network (an IPv4 address, an IPv6 /64), so that nobody alone uses up all
 * there can be.
 */
export const limitConnections = (
  server: Server,
  isShared: (address: string) => boolean,
  most: number = PER_NETWORK,
): void => {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress);
    if (address === undefined || isShared(address)) return;
    const network = networkOf(address);
    const count = (open.get(network) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    open.set(network, count);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left === 0) open.delete(network);
      else open.set(network, left);
    });
  });
};

/** Refuses unreadable HTTP with problem documents; Node would close with a bare status line. */
export const explainRefusals = (server: Server): void => {
  server.on(
    'clientError',
    (error: NodeJS.ErrnoException, socket: Duplex & { _httpMessage?: { _headerSent?: boolean } }) => {
      // As Node does it: a response that began cannot be followed by another one.
      if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?._headerSent) {
        socket.destroy();
        return;
      }
      const problem = refusalOf(error.code);
      const body = JSON.stringify(problem.toBody());
      socket.end(
        `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\nContent-Type: application/problem+json\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    },
  );
};

const refusalOf = (code: string | undefined): Problem => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow();
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem({
      code: 'HEADERS_TOO_LARGE',
      status: 431,
      title: 'Headers too large',
      detail: `Path and headers can have at most ${maxHeaderSize} bytes together. Send long values in the body.`,
    });
  return new Problem({
    code: 'MALFORMED_REQUEST',
    status: 400,
    title: 'Unreadable request',
    detail: 'This is not HTTP/1.1. Check the client: this port does not use TLS.',
  });
};

interface Pace {
  everyMs: number;
  /** Bytes that have to arrive in that time. */
  bytes: number;
}

/** Less than a telephone line manages. */
const SLOWEST: Pace = { everyMs: 10_000, bytes: 10_000 };

const tooSlow = (): Problem =>
  new Problem({
    code: 'REQUEST_TIMEOUT',
    status: 408,
    title: 'Request too slow',
    detail: 'The request did not arrive in time. Nothing was changed; send it again.',
    headers: { connection: 'close' },
  });

/** Ends requests whose body trickles in. While we read slower than the caller sends, the pause does not count. */
export const paced =
  ({ everyMs, bytes }: Pace = SLOWEST): RequestHandler =>
  (request, response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
    if (!hasBody) {
      next();
      return;
    }
    let before = request.socket.bytesRead;
    const timer = setInterval(() => {
      const read = request.socket.bytesRead - before;
      before += read;
      if (request.complete || read >= bytes || request.readableLength > 0) return;
      if (!response.headersSent) sendProblem(request, response, tooSlow());
      request.destroy();
    }, everyMs).unref();
    const stop = (): void => clearInterval(timer);
    request.once('end', stop).once('close', stop);
    next();
  };
