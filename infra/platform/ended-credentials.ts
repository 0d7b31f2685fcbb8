import {
  createEndedCredentials,
  MOST_TOKEN_MINUTES,
  type EndedCredentials,
} from '../../microservices/chassis/auth/ended-credentials.ts';
import { topicOf, type Contract } from '../../microservices/chassis/contract/index.ts';
import { follow } from '../../microservices/chassis/events/follow.ts';
import type { Streams } from '../../microservices/chassis/events/streams.ts';
import { atMost } from '../../microservices/chassis/kafka/at-most.ts';
import type { Logger } from '../../microservices/chassis/telemetry/log.ts';
import { customersContract } from '../../microservices/customers/contract.ts';

/** The clocks of two machines differ by less. */
const CLOCKS_MINUTES = 5;
/** What is not learned by then is asked of customers, where it matters. Milliseconds. */
const PATIENCE_MS = 15_000;

const { 'session.ended': sessionEnded, 'api_key.revoked': keyRevoked } = customersContract.events;

export interface FollowedCredentials {
  ended: EndedCredentials;
  /** Resolves once the ends are known that were there before, or after a while without. */
  known: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Learns which sessions and API keys have ended, wherever they did, from customers' events: at first those of the last
 * hour, then each as it comes. A platform without customers has none.
 */
export const followEndedCredentials = (
  contracts: readonly Contract[],
  streams: Streams,
  log: Logger,
): FollowedCredentials => {
  const ended = createEndedCredentials();
  if (!contracts.some(({ domain }) => domain === customersContract.domain))
    return { ended, known: Promise.resolve(), stop: async () => undefined };
  const following = follow({
    streams,
    log,
    topic: topicOf(customersContract),
    since: () => new Date(Date.now() - (MOST_TOKEN_MINUTES + CLOCKS_MINUTES) * 60_000),
    types: ['session.ended', 'api_key.revoked'],
    onEvent: ({ type, time, data }) =>
      ended.add(
        type === 'session.ended' ? sessionEnded.payload.parse(data).sessionId : keyRevoked.payload.parse(data).keyId,
        new Date(time).getTime(),
      ),
  });
  return { ended, known: atMost(following.caughtUp, PATIENCE_MS), stop: () => following.stop() };
};
