import { createAuthenticator, type ApiKeyRecord } from '../../microservices/chassis/auth/authenticate.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import type { RunningService, SharedResources } from '../../microservices/chassis/service.ts';
import { createMetrics } from '../../microservices/chassis/telemetry/metrics.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { findApiKey } from '../../microservices/customers/index.ts';
import type { KeyValueProvider } from './key-value.ts';
import type { PlatformOptions } from './platform-options.ts';

/** Resources that were opened for this process before its services start. */
export interface Opened extends Pick<SharedResources, 'loops' | 'kafka' | 'producer' | 'objectStore' | 'contracts'> {
  keyValue: KeyValueProvider;
  /** Services of this process as they come up. */
  running: readonly RunningService[];
  ownUrl: string;
}

/** The resources that all services of this process share. */
export const sharedResourcesOf = (
  options: PlatformOptions,
  { loops, kafka, producer, objectStore, keyValue, contracts, running, ownUrl }: Opened,
): SharedResources => {
  const { access } = options;
  const urlOf = (domain: string): string =>
    options.remote?.find(({ contract }) => contract.domain === domain)?.url ?? ownUrl;
  return {
    databaseUrl: options.databaseUrl,
    loops,
    kafka,
    producer,
    urlOf,
    serviceKey: access.serviceKey,
    authenticate: createAuthenticator({
      staticKeys: {
        administrator: { key: access.adminKey, scopes: ['*'] },
        service: { key: access.serviceKey, scopes: ['*'] },
      },
      findApiKey: apiKeyLookup(running, urlOf, access.serviceKey),
      tokenPublicKey: access.tokenPublicKey,
    }),
    neighbours: new Map(),
    metrics: createMetrics(),
    logLevel: options.logLevel,
    bodyLimit: 1024 * 1024,
    openKeyValue: keyValue.open,
    objectStore,
    contracts,
    now: options.now ?? (() => new Date()),
    environment: {
      ...process.env,
      TOKEN_PRIVATE_KEY: access.tokenPrivateKey,
      TOKEN_PUBLIC_KEY: access.tokenPublicKey,
      ...options.environment,
    },
  };
};

/** The customers service owns the keys: asked directly where it runs in this process, through its contract otherwise. */
const apiKeyLookup = (running: readonly RunningService[], urlOf: (domain: string) => string, serviceKey: string) => {
  const client = createClient(customersContract, { url: urlOf('customers'), credential: serviceKey });
  return async (hash: string): Promise<ApiKeyRecord | undefined> => {
    const local = running.find((service) => service.domain === customersContract.domain);
    if (local) return findApiKey(local.database)(hash);
    return client.introspectApiKey({ hash }).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    });
  };
};
