import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Headers that proxies and tunnels add; one of them is enough to know that somebody else asks. */
const OF_PROXIES =
  /^(x-forwarded.*|forwarded.*|via|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-.*|x-envoy-.*|x-proxy.*|cf-.*|true-client-ip|fastly-client-ip|x-vercel-.*)$/;

/**
 * True for requests that somebody at this machine makes: what an operator may see without a key. They come straight
 * from a loopback address, ask for a loopback host (a page whose name was rebound to 127.0.0.1 asks for its own), carry
 * no header of a proxy, and speak HTTP/1.1, which proxies that hide themselves (nginx as installed) do not.
 */
export const isFromThisMachine = (request: IncomingMessage): boolean =>
  isLoopback(request.socket.remoteAddress ?? '') &&
  isLoopbackHost(hostIn(request.headers.host ?? '')) &&
  request.httpVersion === '1.1' &&
  !Object.keys(request.headers).some((name) => OF_PROXIES.test(name));

/** True for localhost and the loopback addresses. */
export const isLoopbackHost = (host: string): boolean => host.toLowerCase() === 'localhost' || isLoopback(host);

/** The host of a Host header, without port and brackets. */
const hostIn = (header: string): string => header.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
};
