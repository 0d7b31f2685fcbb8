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

/** What is never a receiver: this network, carrier NAT, link-local (cloud metadata), reserved, multicast, and IPv6 forms that wrap an IPv4 address. */
const NEVER = listOf([
  ['0.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['::ffff:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]);

/** Whether events may be posted to this IP address. What is not an IP address is not. */
export const isAllowedAddress = (address: string, allow: PrivateAddresses): boolean => {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const within = (range: Range): boolean => range[family].check(address, family);
  if (within(LOOPBACK)) return allow !== 'none';
  if (within(PRIVATE)) return allow === 'private';
  return !within(NEVER);
};

/** The address a URL names outright, without brackets; undefined when it names a host to be looked up. */
export const literalAddress = (url: string): string | undefined => {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
};
