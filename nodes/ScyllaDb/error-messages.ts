import { errors, types } from 'cassandra-driver';
import { StoreError } from '../datastore/error.ts';

/** The names that a message mentions. */
export interface Where {
  contactPoints: readonly string[];
  username?: string | undefined;
  keyspace?: string | undefined;
}

/** Explains a failure of the database or of the connection to it: what happened, to which value, and what to do. */
export const explain = (error: unknown, where: Where): StoreError => {
  if (error instanceof StoreError) return error;
  const cause = rootOf(error);
  // OpenSSL ends its words with a line break.
  const said = cause.message.trim();
  if (cause instanceof errors.AuthenticationError) return refused(said, where);
  if (cause instanceof errors.ResponseError) return answered(cause, where);
  if (/certificate|self.signed|TLS|SSL|EPROTO|wrong version number|secure TLS/i.test(said)) return noTls(said, where);
  if (cause instanceof errors.OperationTimedOutError) return tooSlow(said);
  if (isNetwork(cause)) return unreachable(said, where);
  return new StoreError('DATABASE_ERROR', `ScyllaDB: ${said}`, 'See what the message names, and run it again.');
};

/** The driver collects what happened at each host it tried: the first says most. */
const rootOf = (error: unknown): Error => {
  if (error instanceof errors.NoHostAvailableError) {
    const [first] = Object.values((error.innerErrors ?? {}) as Record<string, unknown>);
    if (first !== undefined) return rootOf(first);
  }
  return isErrorLike(error) ? error : new Error(String(error));
};

/** The driver's errors are made in an old way, which not everything takes for errors. */
const isErrorLike = (error: unknown): error is Error =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';

const NETWORK = /^E[A-Z_]+$/;

const isNetwork = (error: Error): boolean =>
  error instanceof errors.NoHostAvailableError ||
  NETWORK.test(String((error as NodeJS.ErrnoException).code ?? '')) ||
  /DOWN|socket|connect|resolve/i.test(error.message);

const at = ({ contactPoints }: Where): string => contactPoints.join(', ');

const unreachable = (said: string, where: Where): StoreError =>
  new StoreError(
    'UNREACHABLE',
    `ScyllaDB cannot be reached at ${at(where)} (${said}).`,
    'Check the contact points in the credential, that the database is running, and that n8n may reach it. TLS has to be on exactly when the port asks for it.',
  );

const refused = (said: string, where: Where): StoreError =>
  new StoreError(
    'AUTHENTICATION_FAILED',
    where.username
      ? `ScyllaDB at ${at(where)} refused the user "${where.username}" (${said}).`
      : `ScyllaDB at ${at(where)} asks for a user and a password (${said}).`,
    'Check user and password in the ScyllaDB credential.',
  );

const noTls = (said: string, where: Where): StoreError =>
  new StoreError(
    'TLS_FAILED',
    `The encrypted connection to ScyllaDB at ${at(where)} could not be made (${said}).`,
    'Check TLS and the certificates in the ScyllaDB credential. A node’s certificate has to be made out to its address or to the host name of a contact point.',
  );

const tooSlow = (said: string): StoreError =>
  new StoreError(
    'TIMEOUT',
    `ScyllaDB did not answer in time (${said}). What was to be written may have been written or not.`,
    'Ask for less at once, or allow more time under Options → Timeout. Reads and plain writes may be repeated.',
  );

const { responseErrorCodes: codes } = types;

/** Codes of the protocol: what they mean, and what to do. */
const ANSWERS: Record<number, { code: string; advice: string }> = {
  [codes.syntaxError]: { code: 'INVALID_QUERY', advice: 'Correct the query where the message points to.' },
  [codes.invalid]: {
    code: 'INVALID_QUERY',
    advice: 'Compare the names and the values with the table; each ? takes one value.',
  },
  [codes.configError]: { code: 'INVALID_QUERY', advice: 'Correct the setting that the message names.' },
  [codes.unauthorized]: {
    code: 'ACCESS_DENIED',
    advice: 'Grant the user of the credential what the message names, or use another credential.',
  },
  [codes.unavailableException]: {
    code: 'UNAVAILABLE',
    advice:
      'Too few replicas are up for this consistency. Wait until they are, or choose a lower one under Options → Consistency.',
  },
  [codes.overloaded]: { code: 'OVERLOADED', advice: 'Let the node retry later, or send less at once.' },
  [codes.isBootstrapping]: {
    code: 'UNAVAILABLE',
    advice: 'The node of the database is starting. Let the node retry later.',
  },
  [codes.readTimeout]: {
    code: 'TIMEOUT',
    advice: 'Reading may be repeated. Ask for less at once if it happens again.',
  },
  [codes.writeTimeout]: {
    code: 'OUTCOME_UNKNOWN',
    advice:
      'It may have been written or not. A plain write may be repeated; look first before you repeat a comparison or a counter.',
  },
  // CAS_WRITE_UNKNOWN of the native protocol's version 5.
  0x1700: {
    code: 'OUTCOME_UNKNOWN',
    advice:
      'Others compared and set the same row at that moment, and it may have been set or not. Look before you repeat it.',
  },
  [codes.alreadyExists]: { code: 'ALREADY_EXISTS', advice: 'Use IF NOT EXISTS where it may be there already.' },
};

const answered = (error: errors.ResponseError, where: Where): StoreError => {
  if (/^Keyspace '.*' does not exist$/.test(error.message))
    return new StoreError(
      'KEYSPACE_NOT_FOUND',
      `The keyspace "${where.keyspace ?? ''}" of the credential does not exist.`,
      'Correct the keyspace in the ScyllaDB credential, or leave it empty and choose one in the node.',
    );
  if (error.code === Number(codes.badCredentials)) return refused(error.message, where);
  const known = ANSWERS[error.code];
  return new StoreError(
    known?.code ?? 'DATABASE_ERROR',
    `ScyllaDB refused it: ${error.message}`,
    known?.advice ?? 'See what the message names, and run it again.',
  );
};
