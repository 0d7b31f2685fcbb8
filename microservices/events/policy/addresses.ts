import { BlockList, isIP } from 'node:net';
import type { PrivateAddresses } from '../settings.ts';

type Subnet = readonly [address: string, prefix: number, family: 'ipv4' | 'ipv6'];

type Range = Record<'ipv4' | 'ipv6', BlockList>;

/** One list a family: a common one takes an IPv4 address for its IPv6 form and the other way round. */
const listOf = (subnets: readonly Subnet[]): Range => {
  const range = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const [address, prefix, family] of subnets) range[family].addSubnet(address, prefix, family);
  return range;
};

const LOOPBACK = listOf([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
]);

const PRIVATE = listOf([
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
]);

/**
 * IPv6 addresses that are routed on the Internet begin with 001; whatever lies outside wraps IPv4, or is local,
 * reserved or multicast.
 */
const PUBLIC_IPV6 = listOf([['2000::', 3, 'ipv6']]);

/**
 * Ranges that are never a receiver: this network, carrier NAT, link-local (cloud metadata), documentation, benchmarks,
 * relays, reserved, multicast, and forms that wrap an IPv4 address. Source: IANA's special-purpose address registries.
 */
const NEVER = listOf([
  ['0.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.31.196.0', 24, 'ipv4'],
  ['192.52.193.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.175.48.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['2620:4f:8000::', 48, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
]);

/** True when events may be posted to this IP address; false for what is no IP address. */
export const isAllowedAddress = (address: string, allow: PrivateAddresses): boolean => {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const within = (range: Range): boolean => range[family].check(address, family);
  if (within(LOOPBACK)) return allow !== 'none';
  if (within(PRIVATE)) return allow === 'private';
  return (version === 4 || within(PUBLIC_IPV6)) && !within(NEVER);
};

/** The address a URL names outright, without brackets; undefined when it names a host to be looked up. */
export const literalAddress = (url: string): string | undefined => {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
};
