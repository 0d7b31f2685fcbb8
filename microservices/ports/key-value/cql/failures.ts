import cassandra from 'cassandra-driver';

const { errors, types } = cassandra;

/** Why the platform cannot use a CQL cluster, for the person who starts it. */
export class CqlStartError extends Error {}

interface Attempt {
  contactPoints: readonly string[];
  credentials?: { username: string } | undefined;
  tls?: object | undefined;
}

/** Node's codes for certificates that it does not accept. */
const NOT_TRUSTED = /certificate|altname|unable to get (local )?issuer/i;

/**
 * Turns a failed connection into an error that says the cause and what to do. Other errors are returned as they are.
 */
export const startUpFailure = (error: unknown, { contactPoints, credentials, tls }: Attempt): unknown => {
  if (!(error instanceof errors.NoHostAvailableError) && !(error instanceof errors.AuthenticationError)) return error;
  const where = contactPoints.join(', ');
  const causes = causesOf(error);
  if (causes.some((cause) => cause instanceof errors.AuthenticationError || hasCode(cause, 'badCredentials')))
    return new CqlStartError(
      credentials
        ? `The CQL cluster at ${where} refused the user "${credentials.username}": name or password is wrong, or it may not log in.`
        : `The CQL cluster at ${where} wants a user name and password: give them.`,
      { cause: error },
    );
  const reasons = [...new Set(causes.map(({ message }) => message))].join('; ') || error.message;
  if (tls && NOT_TRUSTED.test(reasons))
    return new CqlStartError(
      `The CQL cluster at ${where} shows a certificate that is not trusted (${reasons}). Name the file of the authority that signed it in the variable CQL_TLS_CA, and see that each node's certificate is made out to its address or to the host name of a contact point.`,
      { cause: error },
    );
  return new CqlStartError(
    `No CQL node answered at ${where} (${reasons}). Check the addresses, that the cluster runs, and whether it speaks TLS.`,
    { cause: error },
  );
};

/** The errors of the single nodes, which the client gathers by address. */
const causesOf = (error: Error): Error[] =>
  error instanceof errors.NoHostAvailableError ? Object.values(error.innerErrors as Record<string, Error>) : [error];

/** True for a server's answer of this kind. */
export const hasCode = (error: unknown, code: keyof typeof types.responseErrorCodes): boolean =>
  error instanceof errors.ResponseError && error.code === Number(types.responseErrorCodes[code]);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A write of which nobody could be asked whether it was done: it may have been, and may still be. */
export class CqlOutcomeUnknown extends Error {
  constructor(what: string, cause: unknown) {
    super(
      `It is not known whether ${what} was written: the CQL cluster gave no answer (${messageOf(cause)}), nor to the questions after it. Read the key once the cluster answers again.`,
      { cause },
    );
  }
}

/**
 * Returns of a server that did nothing: https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec,
 * chapter 9.
 */
const NOTHING_DONE = [
  ...(['protocolError', 'badCredentials', 'unavailableException', 'overloaded', 'isBootstrapping'] as const),
  ...(['syntaxError', 'unauthorized', 'invalid', 'configError', 'unprepared'] as const),
];

/**
 * True for an error after which a write that was sent may have been done: a time-out or a failure among the copies
 * (write type CAS and SIMPLE alike), no answer in time, a connection that was lost.
 */
export const leavesDoubt = (error: unknown): boolean =>
  error instanceof errors.ResponseError
    ? !NOTHING_DONE.some((code) => hasCode(error, code))
    : error instanceof errors.OperationTimedOutError || isSocketError(error);

/**
 * True where no node had a connection to send it on: nothing was done. (For what the client may repeat by itself,
 * reads, nodes may have been asked and failed.) Where a statement has yet to be prepared, the client throws its pool's
 * bare error (cassandra-driver 4.10, lib/prepare-handler.js).
 */
export const wasNotSent = (error: unknown): boolean =>
  error instanceof errors.NoHostAvailableError || messageOf(error) === 'No connection available';

/** Nothing was done, because no node could be reached. */
export class CqlUnreachable extends Error {
  constructor(cause: unknown) {
    super(
      `No node of the CQL cluster could be reached (${messageOf(cause)}), so nothing was done. See whether the cluster runs and the network to it, and try again.`,
      { cause },
    );
  }
}

/**
 * Set by the client on the error that ends a request whose connection was lost (lib/connection.js); its types do not
 * know it.
 */
const isSocketError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'isSocketError' in error && error.isSocketError === true;
