/** kafkajs wraps what happened into what it did about it: the innermost error says what happened. */
export const rootCause = (error: Error): Error => {
  if (error.cause instanceof Error) return rootCause(error.cause);
  const inner = 'originalError' in error ? error.originalError : undefined;
  return inner instanceof Error ? rootCause(inner) : error;
};

/** True for connection failures, as opposed to errors that the broker returned. */
export const isConnectionFailure = (error: Error): boolean => {
  const { name, message } = rootCause(error);
  return (
    /^KafkaJS(Connection|RequestTimeout|NoBrokerAvailable|BrokerNotFound)/.test(name) ||
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|ECONNRESET|EAI_AGAIN|EHOSTUNREACH|Closed connection|Connection timeout/.test(
      message,
    )
  );
};
