import {
  createAuthenticator,
  type ApiKeyRecord,
  type AuthenticatorOptions,
} from '../../microservices/chassis/auth/authenticate.ts';
import { SERVICE_KEY_ID } from '../../microservices/chassis/auth/caller.ts';
import type { EndedCredentials } from '../../microservices/chassis/auth/ended-credentials.ts';
import { createLiveSessions } from '../../microservices/chassis/auth/live-sessions.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import type { RunningService, SharedResources } from '../../microservices/chassis/service.ts';
import { createMetrics } from '../../microservices/chassis/telemetry/metrics.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { findApiKey, isLiveSession } from '../../microservices/customers/index.ts';
import type { KeyValueProvider } from './key-value.ts';
import type { PlatformOptions } from './platform-options.ts';

/** Resources that were opened for this process before its services start. */
export interface Opened extends Pick<SharedResources, 'loops' | 'kafka' | 'producer' | 'objectStore' | 'contracts'> {
  keyValue: KeyValueProvider;
  ended: EndedCredentials;
  /** Services of this process as they come up. */
  running: readonly RunningService[];
  ownUrl: string;
}

/** The resources that all services of this process share. */
export const sharedResourcesOf = (options: PlatformOptions, opened: Opened): SharedResources => {
  const { access } = options;
  const urlOf = (domain: string): string =>
    options.remote?.find(({ contract }) => contract.domain === domain)?.url ?? opened.ownUrl;
  const now = options.now ?? (() => new Date());
  const { loops, kafka, producer, objectStore, contracts } = opened;
  return {
    databaseUrl: options.databaseUrl,
    ...{ loops, kafka, producer, objectStore, contracts, urlOf, now },
    serviceKey: access.serviceKey,
    authenticate: createAuthenticator({
      staticKeys: {
        administrator: { key: access.adminKey, scopes: ['*'] },
        [SERVICE_KEY_ID]: { key: access.serviceKey, scopes: ['*'] },
      },
      tokenPublicKey: access.tokenPublicKey,
      ended: opened.ended,
      ...lookUps(opened, urlOf('customers'), access.serviceKey, now),
    }),
    neighbours: new Map(),
    metrics: createMetrics(),
    logLevel: options.logLevel,
    bodyLimit: 1024 * 1024,
    openKeyValue: opened.keyValue.open,
    environment: {
      ...process.env,
      TOKEN_PRIVATE_KEY: access.tokenPrivateKey,
      TOKEN_PUBLIC_KEY: access.tokenPublicKey,
      ...options.environment,
    },
  };
};

/**
 * The customers service owns keys and sessions: asked directly where it runs in this process, through its contract
 * otherwise. A platform without it has no sessions that could end.
 */
const lookUps = (
  { running, contracts, ended }: Opened,
  url: string,
  serviceKey: string,
  now: () => Date,
): Pick<AuthenticatorOptions, 'findApiKey' | 'isLive'> => {
  const { domain } = customersContract;
  const client = createClient(customersContract, { url, credential: serviceKey });
  const local = () => running.find((service) => service.domain === domain)?.database;
  const findKey = async (hash: string): Promise<ApiKeyRecord | undefined> => {
    const database = local();
    if (database) return findApiKey(database)(hash);
    return client.introspectApiKey({ hash }).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    });
  };
  const ask = async (sessionId: string): Promise<boolean> => {
    const database = local();
    return database ? isLiveSession(database, sessionId, now()) : (await client.introspectSession({ sessionId })).live;
  };
  const knowsSessions = contracts.some((contract) => contract.domain === domain);
  return {
    findApiKey: findKey,
    ...(knowsSessions ? { isLive: createLiveSessions({ ask, ended, isNear: () => local() !== undefined }) } : {}),
  };
};
