import { isIP } from 'node:net';
import type { TrustedProxies } from '../../microservices/gateway/visitor.ts';

/** Networks with a name: 127.0.0.0/8 and ::1, fe80::/10 and 169.254.0.0/16, the private networks. */
const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);

const isCount = (part: string | undefined): part is string => part !== undefined && /^\d{1,2}$/.test(part);

const isNetwork = (part: string): boolean => {
  const [address = '', prefix, ...rest] = part.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
};

/** True for a number of proxies, and for addresses, networks and names of networks. */
export const namesProxies = (parts: readonly string[]): boolean =>
  (parts.length === 1 && isCount(parts[0])) || parts.every((part) => NAMED.has(part) || isNetwork(part));

/** The proxies that checked parts of a list name. */
export const readProxies = (parts: readonly string[]): TrustedProxies =>
  parts.length === 1 && isCount(parts[0]) ? Number(parts[0]) : parts;
