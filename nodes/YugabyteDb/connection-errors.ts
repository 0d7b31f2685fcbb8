/** Explains why there is no connection. */
import { StoreError } from '../datastore/error.ts';
import type { Where } from './connection.ts';

type Thrown = Error & { code?: string };
type Failure = [
  fits: (thrown: Thrown) => boolean,
  code: string,
  message: (where: Where, said: string) => string,
  advice: string,
];

const says =
  (pattern: RegExp) =>
  ({ message, code }: Thrown): boolean =>
    pattern.test(message) || pattern.test(code ?? '');

const FAILURES: Failure[] = [
  [
    says(/^(?:28P01|28000)$|password must be a string|SASL|SCRAM/),
    'AUTHENTICATION_FAILED',
    ({ address, user }, said) => `YugabyteDB at ${address} refused the user "${user}": ${said}.`,
    'Check user and password in the credential, and whether the server asks for TLS.',
  ],
  [
    says(/^3D000$/),
    'DATABASE_NOT_FOUND',
    ({ address, database }) => `There is no database "${database}" at ${address}.`,
    'Check the database in the credential; upper and lower case matter.',
  ],
  [
    says(/does not support SSL/),
    'TLS_FAILED',
    ({ address }) => `YugabyteDB at ${address} does not encrypt connections.`,
    'Switch TLS off in the credential, or on in the server.',
  ],
  [
    says(/certificate|self.signed|altname|ERR_TLS|ERR_SSL|EPROTO|wrong version number|DEPTH_ZERO|UNABLE_TO_/i),
    'TLS_FAILED',
    ({ address }, said) => `The encrypted connection to YugabyteDB at ${address} could not be made: ${said}.`,
    'Check TLS, the CA certificate and the host name in the credential.',
  ],
  [
    says(/^53300$/),
    'TOO_MANY_CONNECTIONS',
    ({ address }) => `YugabyteDB at ${address} takes no more connections.`,
    'Lower Maximum Connections in the credential, or raise the limit of the server.',
  ],
  [
    says(/exceeded when trying to connect/),
    'UNREACHABLE',
    ({ address }) => `No connection to YugabyteDB at ${address} was to be had within 10 seconds.`,
    'Check host, port and firewall. When many executions run at once, raise Maximum Connections in the credential.',
  ],
  [
    says(/Query read timeout/),
    'UNREACHABLE',
    ({ address }) => `YugabyteDB at ${address} no longer answers.`,
    'Check that the server runs. Whether the statement was carried out is not known.',
  ],
  [
    says(/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|timeout expired/),
    'UNREACHABLE',
    ({ address }, said) => `YugabyteDB cannot be reached at ${address}: ${said}.`,
    'Check host and port in the credential, that the server runs, and that n8n may reach it. YSQL listens on 5433.',
  ],
  [
    says(/terminated|ECONNRESET|EPIPE|not queryable|^57P0[123]$|^08/i),
    'CONNECTION_LOST',
    ({ address }, said) => `The connection to YugabyteDB at ${address} was lost: ${said}.`,
    'Run it again. Whether the last statement was carried out is not known: look before you repeat an insert.',
  ],
];

/** A host with several addresses fails with one error for each, and no message of its own. */
const saidBy = (thrown: Thrown): string => {
  const inner: unknown = 'errors' in thrown && Array.isArray(thrown.errors) ? thrown.errors[0] : undefined;
  const words = thrown.message || (inner instanceof Error ? inner.message : '') || thrown.code || 'no reason was given';
  return words.replace(/\.$/, '');
};

/** The words for a failure of the connection; undefined when it is none. */
export const connectionFailure = (thrown: Thrown, where: Where): StoreError | undefined => {
  const found = FAILURES.find(([fits]) => fits(thrown));
  if (!found) return undefined;
  const [, code, message, advice] = found;
  return new StoreError(code, message(where, saidBy(thrown)), advice);
};
