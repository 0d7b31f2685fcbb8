import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * True for requests straight from a loopback address: what an operator at this machine may see without a key. What a proxy on this machine passes on
 * says so in its headers and does not count.
 */
export const isFromThisMachine = (request: IncomingMessage): boolean =>
  isLoopback(request.socket.remoteAddress ?? '') &&
  request.headers['x-forwarded-for'] === undefined &&
  request.headers.forwarded === undefined;

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
};
