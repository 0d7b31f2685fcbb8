import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { SignJWT } from 'jose';
import { createAuthenticator, TOKEN_AUDIENCE, TOKEN_ISSUER } from '../chassis/auth/authenticate.ts';
import { defineContract, operation, text, type Contract } from '../chassis/contract/index.ts';
import type { Call } from '../chassis/http/execute.ts';
import { serveContract } from '../chassis/http/serve-contract.ts';
import { createLogger } from '../chassis/telemetry/log.ts';
import { createMetrics } from '../chassis/telemetry/metrics.ts';
import { createGateway, type GatewayOptions } from './index.ts';

/** Two domains small enough for the gateway's tests. */
export const greetings = defineContract({
  domain: 'greetings',
  title: 'Greetings',
  description: 'Says hello.',
  version: 1,
  operations: {
    greet: operation({
      method: 'GET',
      path: '/greetings/{name}',
      title: 'Greet',
      description: 'Greets somebody.',
      access: { scope: 'greetings:read', public: true },
      input: z.object({ name: text(50) }),
      output: z.object({ greeting: z.string() }),
    }),
    learn: operation({
      method: 'POST',
      path: '/greetings',
      title: 'Learn a greeting',
      description: 'Learns how to greet.',
      access: { scope: 'greetings:write' },
      input: z.object({ greeting: text(50) }),
      output: z.object({ greeting: z.string() }),
    }),
  },
  events: {},
});

export const parcels = defineContract({
  domain: 'parcels',
  title: 'Parcels',
  description: 'Weighs what it is sent.',
  version: 1,
  operations: {
    weigh: operation({
      method: 'POST',
      path: '/parcels/weigh',
      title: 'Weigh',
      description: 'Counts the bytes of a stream.',
      access: { scope: 'parcels:read', public: true },
      input: z.object({}),
      output: z.object({ bytes: z.int() }),
      readOnly: true,
      stream: 'application/octet-stream',
    }),
  },
  events: {},
});

const execute = async (call: Call) => {
  if (call.name === 'weigh') {
    let bytes = 0;
    for await (const chunk of call.body as AsyncIterable<Buffer>) bytes += chunk.length;
    return { output: { bytes }, replayed: false };
  }
  const { name, greeting } = call.input as { name?: string; greeting?: string };
  return { output: { greeting: greeting ?? `Hello, ${name ?? ''}` }, replayed: false };
};

export const KEYS = { full: 'fc_full', metrics: 'fc_metrics', none: 'fc_none' };

const pair = generateKeyPairSync('ed25519');

/** A customer's access token, as the customers service signs them. */
export const tokenOf = (customerId: string, claims: { guest?: boolean } = {}): Promise<string> =>
  new SignJWT({ sid: 'ses_1', ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(customerId)
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setExpirationTime('5m')
    .sign(pair.privateKey);

const authenticate = createAuthenticator({
  staticKeys: {
    full: { key: KEYS.full, scopes: ['*'] },
    metrics: { key: KEYS.metrics, scopes: ['metrics:read'] },
    none: { key: KEYS.none, scopes: [] },
  },
  findApiKey: async () => undefined,
  tokenPublicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
});

const log = createLogger({ level: 'silent', service: 'test' });

/** A contract served for real, without a database behind it. */
export const serviceOf = (contract: Contract, more: { ready?: () => Promise<void>; routes?: RequestHandler } = {}) => ({
  domain: contract.domain,
  contract,
  ready: more.ready ?? (async () => undefined),
  handle: [
    ...(more.routes ? [more.routes] : []),
    serveContract({ contract, authenticate, execute, log, bodyLimit: 1_000, observe: () => undefined }),
  ],
});

export interface Listening {
  url: string;
  server: Server;
  close(): Promise<void>;
}

export const listen = async (handler: RequestListener): Promise<Listening> => {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** A gateway on a free port; what is not said is generous. */
export const startGateway = (options: Partial<GatewayOptions> = {}): Promise<Listening> =>
  listen(
    createGateway({
      local: [serviceOf(greetings), serviceOf(parcels)],
      metrics: createMetrics(),
      log,
      authenticate,
      corsOrigins: [],
      rateLimit: { perMinutePerKey: 10_000, perMinutePerAddress: 10_000 },
      maxBodyBytes: 10_000_000,
      ...options,
    }),
  );
