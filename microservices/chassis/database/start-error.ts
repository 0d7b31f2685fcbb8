import { isUnavailable, sqlState } from './failures.ts';

/** The database cannot be used at the start; the message is for the person who starts. */
export class DatabaseStartError extends Error {}

/**
 * Node's codes for certificates that it does not accept: https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const NOT_TRUSTED = /^(SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|CERT_|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/;

interface Place {
  at: string;
  user: string;
  database: string;
  reason: string;
}

type StartMessage = [fits: (state: string, reason: string) => boolean, message: (place: Place) => string];

const MESSAGES: StartMessage[] = [
  [
    (state) => NOT_TRUSTED.test(state),
    ({ at, reason }) =>
      `${at} shows a certificate that is not trusted (${reason}). Name the file of the authority that signed it in the URL (sslmode=verify-full&sslrootcert=FILE), and use the host name that it is made out to.`,
  ],
  [
    (_state, reason) => reason.includes('does not support SSL'),
    ({ at }) => `${at} does not speak TLS, which the URL asks for. Leave sslmode out of it, or switch TLS on there.`,
  ],
  [
    (state) => state === '28P01' || state === '28000',
    ({ at, user, reason }) =>
      `${at} refused the user "${user}" (${reason}). Check name and password in --database-url, and whether it wants TLS (sslmode=verify-full).`,
  ],
  [
    (state) => state === '3D000',
    ({ at, database }) => `${at} has no database "${database}". Create it, or correct --database-url.`,
  ],
];

/**
 * Turns a failure of the first connection into an error that says the cause and what to do. Other errors are returned
 * as they are.
 */
export const databaseStartFailure = (error: unknown, databaseUrl: string): unknown => {
  if (typeof error !== 'object' || error === null) return error;
  const url = new URL(databaseUrl);
  const state = sqlState(error) ?? '';
  // Of a host with several addresses the single failures speak, the whole does not.
  const reason = ('message' in error && String(error.message)) || state;
  const place: Place = {
    at: `PostgreSQL at ${url.searchParams.get('host') ?? url.host}`,
    user: decodeURIComponent(url.username),
    database: url.pathname.slice(1),
    reason,
  };
  const known = MESSAGES.find(([fits]) => fits(state, reason));
  if (known) return new DatabaseStartError(known[1](place), { cause: error });
  if (!isUnavailable(error)) return error;
  return new DatabaseStartError(`${place.at} does not answer (${reason}). Check --database-url and that it runs.`, {
    cause: error,
  });
};
