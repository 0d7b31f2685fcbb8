import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { KafkaSecurity } from './kafka-security.ts';

const access = z.object({
  /** Full access for the person at this machine: demo, imports, first steps. */
  adminKey: z.string(),
  /** The key with which services call each other. */
  serviceKey: z.string(),
  /** Of the embedded PostgreSQL's superuser, who owns nothing that services use. */
  postgresPassword: z.string(),
  /** Of the role that services sign in with there, and of n8n's. */
  servicesDatabasePassword: z.string(),
  n8nDatabasePassword: z.string(),
  /** Of the embedded broker's only user. */
  kafkaPassword: z.string(),
  /** Signs presigned object URLs. */
  objectSigningKey: z.string(),
  /** Ed25519, PEM: signs and checks customers' access tokens. */
  tokenPrivateKey: z.string(),
  tokenPublicKey: z.string(),
  /** n8n's encryption key, and its owner's sign-in. */
  n8n: z.object({ encryptionKey: z.string(), email: z.string(), password: z.string() }),
  /** The API key of journeys, made by the customers service. */
  journeyKey: z.string().optional(),
  /** Where the n8n editor answers, as of the last start. */
  n8nUrl: z.string().optional(),
  /** Where the gateway answers, as of the last start. */
  url: z.string().optional(),
  /** The development inbox with its key, for a browser on another machine, as of the last start. */
  inboxUrl: z.string().optional(),
  /** Where Kafka answers, host:port, as of the last start. */
  kafka: z.array(z.string()).optional(),
  /** True when that is the embedded broker, which wants its password. */
  kafkaIsEmbedded: z.boolean().optional(),
  /** The database, as of the last start. */
  databaseUrl: z.string().optional(),
  /** The process that runs the platform. */
  pid: z.int().optional(),
});

/**
 * The secrets of an embedded platform, made on its first start and kept in its data folder, readable by its owner only.
 */
export type Access = z.infer<typeof access>;

const fileIn = (dataFolder: string): string => join(dataFolder, 'access.json');

/** Reads the data folder's secrets; throws when the folder has none. */
export const readAccess = async (dataFolder: string): Promise<Access> => {
  const text = await readFile(fileIn(dataFolder), 'utf8').catch(() => {
    throw new Error(
      `${fileIn(dataFolder)} is not there: start the platform first (npm start), or give --url and --key.`,
    );
  });
  // A secret that an older platform did not need is no reason to refuse what it wrote.
  return access.parse({ ...createAccess(), ...(JSON.parse(text) as object) });
};

export const readOrCreateAccess = async (dataFolder: string): Promise<Access> => {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const text = await readFile(fileIn(dataFolder), 'utf8').catch(() => '{}');
  const known = JSON.parse(text) as object;
  const made = createAccess();
  const whole = access.parse({ ...made, ...known });
  // A folder from before a secret was needed gets that one now, and keeps it.
  if (!Object.keys(made).every((name) => name in known)) await saveAccess(dataFolder, whole);
  return whole;
};

export const saveAccess = async (dataFolder: string, value: Access): Promise<void> => {
  const temporary = `${fileIn(dataFolder)}.${process.pid}`;
  // Made anew: a file that somebody else put there would stay readable for them.
  await rm(temporary, { force: true });
  await writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(temporary, fileIn(dataFolder));
};

const secret = (): string => randomBytes(32).toString('base64url');

export const createAccess = (): Access => {
  const pair = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    adminKey: `fc_${secret()}`,
    serviceKey: `fc_${secret()}`,
    postgresPassword: secret(),
    servicesDatabasePassword: secret(),
    n8nDatabasePassword: secret(),
    kafkaPassword: secret(),
    objectSigningKey: secret(),
    tokenPrivateKey: pair.privateKey,
    tokenPublicKey: pair.publicKey,
    // n8n wants a capital letter and a digit in a password.
    n8n: { encryptionKey: secret(), email: 'owner@fusioncommerce.local', password: `Fc1${secret().slice(0, 12)}` },
  };
};

/** The embedded broker's only user. */
export const brokerUser = ({ kafkaPassword }: Pick<Access, 'kafkaPassword'>) => ({
  username: 'fusioncommerce',
  password: kafkaPassword,
});

/**
 * How to sign in to these brokers, "host:port" each, where they are the embedded one as of the last start; empty for
 * others. By SCRAM, so that a stranger who listens on the broker's port while it is away learns no password and is not
 * believed.
 */
export const embeddedKafkaSecurity = (
  { kafka, kafkaIsEmbedded, kafkaPassword }: Pick<Access, 'kafka' | 'kafkaIsEmbedded' | 'kafkaPassword'>,
  brokers: readonly string[],
): KafkaSecurity =>
  kafkaIsEmbedded && brokers.every((broker) => kafka?.includes(broker))
    ? { sasl: { mechanism: 'scram-sha-256', ...brokerUser({ kafkaPassword }) } }
    : {};
