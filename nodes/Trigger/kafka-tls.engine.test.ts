import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { toMessage } from '../../microservices/chassis/events/envelope.ts';
import { ensureTopics } from '../../microservices/chassis/kafka/topics.ts';
import { silentLog } from '../../microservices/chassis/testing/log.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import type { KafkaCredential } from './connection.ts';
import { customEvent } from './testing/events.ts';
import { createHost } from './testing/host.ts';
import { startSecuredKafka, type SecuredKafka } from '../../infra/engines/kafka/testing.ts';

const until = untilWithin(240_000);

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
let broker: SecuredKafka;

beforeAll(async () => {
  broker = await startSecuredKafka();
  await ensureTopics(
    createKafka({ brokers: [broker.open], clientId: 'test', log: silentLog }),
    ['commerce.events', 'commerce.events.dlq'].map((topic) => ({
      topic,
      partitions: 1,
      replicationFactor: 1,
      retentionMs: -1,
    })),
  );
}, 300_000);
afterAll(() => broker?.stop());

const activate = (workflowId: string, changed: Partial<KafkaCredential> = {}) => {
  const host = createHost({
    address: broker.secured,
    workflowId,
    parameters: { customEventTypes: 'custom.secured' },
    credential: {
      ssl: true,
      rejectUnauthorized: true,
      ca: broker.certificates.trusted.certificate,
      saslMechanism: 'scram-sha-512',
      ...broker.user,
      ...changed,
    },
    workflow: async () => 'success',
  });
  return { host, trigger: host.activate() };
};

/** Published over TLS too, by a user who signed in. */
const publish = async (sequence: number): Promise<void> => {
  const producer = createProducer(
    createKafka({
      brokers: [broker.secured],
      clientId: 'test',
      log: silentLog,
      ssl: { ca: broker.certificates.trusted.certificate },
      sasl: { mechanism: 'scram-sha-256', ...broker.user },
    }),
  );
  await producer.connect();
  const event = customEvent('a', sequence, { type: 'custom.secured' });
  await producer.send({ topic: 'commerce.events', acks: -1, messages: [toMessage(event)] });
  await producer.disconnect();
};

test.each(MECHANISMS)('signed in by %s over TLS, the trigger starts a journey for an event', async (saslMechanism) => {
  const { host, trigger } = activate(saslMechanism, { saslMechanism });
  const { closeFunction } = await trigger;
  const sequence = MECHANISMS.indexOf(saslMechanism) + 1;
  await publish(sequence);
  await until(() => host.executions.length === 1);
  expect(host.executions[0]?.item).toMatchObject({ type: 'custom.secured', subject: 'a', sequence });
  await closeFunction?.();
});

test.each<[string, () => Partial<KafkaCredential>, RegExp]>([
  ...MECHANISMS.map((saslMechanism): [string, () => Partial<KafkaCredential>, RegExp] => [
    `a wrong password, by ${saslMechanism}`,
    () => ({ saslMechanism, password: 'wrong' }),
    /refused the user "shop".*Check SASL mechanism, user name and password/,
  ]),
  [
    'an authority that did not sign',
    () => ({ ca: broker.certificates.stranger.certificate }),
    /encrypted connection .* could not be made \(.*certificate/,
  ],
  ['no authority of one’s own', () => ({ ca: '' }), /encrypted connection .* could not be made \(.*certificate/],
  ['TLS to a port without it', () => ({ brokers: broker.open }), /encrypted connection .* could not be made \(.*TLS/],
  ['no TLS to a port that wants it', () => ({ ssl: false }), /cannot be reached .*TLS must be on exactly when/],
  [
    'no sign-in',
    () => ({ saslMechanism: 'none' }),
    /cannot be reached .*a SASL mechanism chosen exactly when it asks for a sign-in/,
  ],
])('with %s the activation is refused in words', async (_what, changed, words) => {
  const { host, trigger } = activate('refused', changed());
  const refusal: unknown = await trigger.catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Error);
  expect((refusal as Error).message).toMatch(words);
  expect((refusal as Error).message).not.toContain(broker.user.password);
  expect(host.executions).toEqual([]);
});
