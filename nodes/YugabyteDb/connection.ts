import type { PoolConfig } from 'pg';
import { StoreError } from '../datastore/error.ts';
import { tlsOf, type TlsCredential } from '../run/tls.ts';

/** The fields of the YugabyteDB credential, as n8n hands them over. */
export interface YugabyteDbCredential extends TlsCredential {
  host: string;
  port: number;
  database: string;
  user: string;
  password?: string;
  maxConnections?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Connections are kept this long for the next execution: a new one costs YugabyteDB a process and its caches. */
const IDLE_MS = 10_000;
const DEFAULT_PORT = 5433;
const DEFAULT_CONNECTIONS = 10;

const filled = (value: unknown, field: string): string => {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text !== '') return text;
  throw new StoreError(
    'INVALID_CREDENTIAL',
    `The YugabyteDB credential has no ${field}.`,
    `Enter the ${field} in the credential.`,
  );
};

const portOf = (value: unknown): number => {
  const port = value === undefined || value === '' ? DEFAULT_PORT : Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StoreError(
    'INVALID_CREDENTIAL',
    `The YugabyteDB credential names the port "${String(value)}".`,
    'A port is a whole number from 1 to 65535; YSQL listens on 5433.',
  );
};

/** The client's options for a credential. Throws StoreError for a credential that cannot be used. */
export const poolOptions = (credential: YugabyteDbCredential): PoolConfig => {
  const { password = '' } = credential;
  return {
    host: filled(credential.host, 'host'),
    port: portOf(credential.port),
    database: filled(credential.database, 'database'),
    user: filled(credential.user, 'user'),
    // A function, because the client looks into the environment where a text is empty.
    password: () => password,
    ssl: tlsOf(credential) ?? false,
    application_name: 'n8n-fusioncommerce',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    // Idle connections do not hold a process that wants to end.
    allowExitOnIdle: true,
    max: Math.max(1, Math.trunc(Number(credential.maxConnections)) || DEFAULT_CONNECTIONS),
  };
};

/** The names that a message mentions. */
export interface Where {
  address: string;
  database: string;
  user: string;
}

export const whereOf = ({ host, port, database, user }: YugabyteDbCredential): Where => ({
  address: `${host}:${port}`,
  database,
  user,
});
