/** kafkajs wraps what happened into what it did about it: the innermost error says what happened. */
export const rootCause = (error: Error): Error => {
  if (error.cause instanceof Error) return rootCause(error.cause);
  const inner = 'originalError' in error ? error.originalError : undefined;
  return inner instanceof Error ? rootCause(inner) : error;
};
