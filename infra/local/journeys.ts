import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allContracts } from '../../ai/contracts.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import { readSettings } from '../../microservices/chassis/settings/index.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { settings as notificationSettings } from '../../microservices/notifications/settings.ts';
import { startN8n, type PreparedN8n } from '../n8n/index.ts';
import type { Credential } from '../n8n/provision.ts';
import { TEMPLATES_PATH } from '../n8n/template-library.ts';
import type { Access } from '../platform/access.ts';
import type { KafkaSecurity } from '../platform/kafka-security.ts';
import { journeyScopes } from './journey-scopes.ts';
import type { Progress } from '../process/progress.ts';

const SCOPES = journeyScopes(allContracts);

export interface JourneysOptions {
  dataFolder: string;
  /** n8n's own database. */
  databaseUrl: string;
  access: Access;
  host: string;
  port: number;
  progress: Progress;
}

/** Starts n8n beside the platform; journeys are published once the platform answers. */
export const startJourneysN8n = async (options: JourneysOptions & { platformUrl: string }): Promise<PreparedN8n> => {
  const userFolder = join(options.dataFolder, 'n8n');
  await mkdir(userFolder, { recursive: true });
  // An earlier version left it open to others; n8n's log and settings are in it.
  await chmod(userFolder, 0o700);
  return startN8n({
    host: options.host,
    port: options.port,
    userFolder,
    databaseUrl: options.databaseUrl,
    encryptionKey: options.access.n8n.encryptionKey,
    owner: options.access.n8n,
    templatesUrl: `${options.platformUrl}${TEMPLATES_PATH}`,
    // When “every morning” is, and what a time on the canvas means.
    timeZone: readSettings(notificationSettings, process.env).timeZone,
    progress: options.progress,
  });
};

/** The credentials that templates name, filled in for this platform. */
export const journeyCredentials = (platform: {
  url: string;
  kafka: string[];
  kafkaSecurity?: KafkaSecurity;
  key: string;
}): Credential[] => [
  { name: 'FusionCommerce API', type: 'fusionCommerceApi', data: { baseUrl: platform.url, apiKey: platform.key } },
  {
    name: 'FusionCommerce Kafka',
    type: 'fusionCommerceKafka',
    data: { brokers: platform.kafka.join(','), clientId: 'n8n', ...securityFields(platform.kafkaSecurity ?? {}) },
  },
];

/** As the form of the credential holds it (nodes/run/tls.ts). */
const securityFields = ({ ssl, sasl }: KafkaSecurity): Record<string, unknown> => ({
  ssl: Boolean(ssl),
  ...(typeof ssl === 'object' && { ca: ssl.ca }),
  saslMechanism: sasl?.mechanism ?? 'none',
  ...(sasl && { username: sasl.username, password: sasl.password }),
});

/**
 * The key that journeys use: the one of the last start while it works and may do all that journeys may, otherwise a new
 * one.
 */
export const journeyKey = async (url: string, access: Access): Promise<string> => {
  if (access.journeyKey && (await suffices(url, access.journeyKey))) return access.journeyKey;
  const customers = createClient(customersContract, { url, credential: access.adminKey });
  const { key } = await customers.createApiKey({
    name: `n8n journeys ${randomBytes(3).toString('hex')}`,
    scopes: SCOPES,
  });
  return key;
};

/** False for a key that was revoked, and for one from before a domain was added. */
const suffices = (url: string, key: string): Promise<boolean> =>
  createClient(customersContract, { url, credential: key })
    .getCurrentApiKey({})
    .then(
      ({ scopes }) => SCOPES.every((scope) => scopes.includes(scope)),
      () => false,
    );
