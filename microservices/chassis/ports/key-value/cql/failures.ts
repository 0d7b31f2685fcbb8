import cassandra from 'cassandra-driver';

const { errors, types } = cassandra;

/** Why the platform cannot use a CQL cluster, in words for the person who starts it. */
export class CqlStartError extends Error {}

interface Attempt {
  contactPoints: readonly string[];
  credentials?: { username: string } | undefined;
}

/** What a failed connection means and what to do about it. What is no failure to connect stays as it is. */
export const startUpFailure = (error: unknown, { contactPoints, credentials }: Attempt): unknown => {
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
  const words = [...new Set(causes.map(({ message }) => message))].join('; ') || error.message;
  return new CqlStartError(
    `No CQL node answered at ${where} (${words}). Check the addresses, that the cluster runs, and whether it speaks TLS.`,
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
