import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { plainAddress } from '../chassis/http/network.ts';

/**
 * Proxies whose X-Forwarded-For is believed: how many stand in front, or their addresses and networks (10.0.0.0/8,
 * loopback).
 */
export type TrustedProxies = number | readonly string[];

/** Processes of one platform show each other this header, so that the address they forward is believed. */
const HOP_HEADER = 'x-fusioncommerce-hop';

/** Derived from the service key: who reads it in a log can make up addresses, and nothing more. */
const hopProof = (serviceKey: string): string =>
  createHmac('sha256', serviceKey).update('fusioncommerce/forwarded-address').digest('base64url');

/** The headers with which one process of the platform passes a visitor's request on to another. */
export const hopHeaders = (serviceKey: string | undefined): Record<string, string> =>
  serviceKey === undefined ? {} : { [HOP_HEADER]: hopProof(serviceKey) };

const fromPlatform = new WeakSet<IncomingMessage>();

/** True for requests of other processes of the platform: they counted their callers when these came. */
export const isFromPlatform = (request: IncomingMessage): boolean => fromPlatform.has(request);

/**
 * Finds out where a request came from, for limits and the audit log, and makes it `request.ip`: the address that
 * another process of the platform forwards, or what the trusted proxies say (Express's "trust proxy"), or the address
 * of the connection.
 */
export const visitorAddress = (serviceKey: string | undefined): RequestHandler => {
  const ownHop = serviceKey === undefined ? undefined : hopProof(serviceKey);
  const ownKey = serviceKey === undefined ? undefined : `Bearer ${serviceKey}`;
  return (request, _response, next) => {
    const { [HOP_HEADER]: hop, authorization, 'x-forwarded-for': forwarded } = request.headers;
    delete request.headers[HOP_HEADER];
    const isPlatform = isSame(hop, ownHop) || isSame(authorization, ownKey);
    if (isPlatform) fromPlatform.add(request);
    const named = isPlatform && typeof forwarded === 'string' ? forwarded : request.ip;
    const address = plainAddress(named) ?? plainAddress(request.socket.remoteAddress) ?? '';
    Object.defineProperty(request, 'ip', { value: address, configurable: true });
    next();
  };
};

const isSame = (given: string | string[] | undefined, expected: string | undefined): boolean => {
  if (typeof given !== 'string' || expected === undefined) return false;
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};
