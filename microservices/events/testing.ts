import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KafkaMessage } from 'kafkajs';
import { z } from 'zod';
import type { Client } from '../chassis/client.ts';
import { createKafka } from '../chassis/kafka/client.ts';
import { readTopics } from '../chassis/kafka/read-topics.ts';
import { silentLog } from '../chassis/testing/log.ts';
import { untilWithin } from '../chassis/testing/until.ts';
import type { eventsContract } from './contract.ts';
import { receivedEvent, type ReceivedEvent } from './contract/values.ts';

/** A delivery as it arrived. */
export interface Delivered {
  headers: IncomingHttpHeaders;
  body: string;
  event: ReceivedEvent;
}

/** A real receiver on this machine. */
export interface Receiver {
  url: string;
  port: number;
  deliveries: Delivered[];
  /** Its response from now on: a status, or a function that responds. */
  respond: number | ((delivered: Delivered, response: ServerResponse) => void | Promise<void>);
  /** Deliveries without a response so far, and the most there ever were. */
  open: number;
  mostOpen: number;
  close(): Promise<void>;
}

/** Starts a receiver that responds with 204; on an earlier port, to come back at the same address. */
export const startReceiver = async (port = 0): Promise<Receiver> => {
  const deliveries: Delivered[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const delivered = { headers: request.headers, body, event: receivedEvent.parse(JSON.parse(body)) };
      deliveries.push(delivered);
      receiver.open += 1;
      receiver.mostOpen = Math.max(receiver.mostOpen, receiver.open);
      response.on('close', () => (receiver.open -= 1));
      if (typeof receiver.respond === 'number') response.writeHead(receiver.respond).end();
      else void receiver.respond(delivered, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${bound}/webhook/1`,
    port: bound,
    deliveries,
    respond: 204,
    open: 0,
    mostOpen: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
};

/** Quick enough for tests; receivers run on this machine. */
export const environment = {
  PUSH_ALLOW_PRIVATE: 'loopback',
  PUSH_RETRY_MS: '20',
  PUSH_PROBE_MS: '20',
  PUSH_POLL_MS: '200',
};

/** Longer than Kafka waits for a lost member (30 s), for which all others wait when partitions are assigned again. */
const PATIENCE_MS = 45_000;

export const until = untilWithin(PATIENCE_MS);

/** The number that tests put into their events. */
export const numberIn = ({ event }: Delivered): number => z.object({ n: z.number() }).parse(event.data).n;

export const numbers = (deliveries: readonly Delivered[]): number[] => deliveries.map(numberIn);
export const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);

type EventsClient = Client<typeof eventsContract>;
type Create = Parameters<EventsClient['createSubscription']>[0];

/**
 * Steps that tests of deliveries share; `client` is called at every use, because the platform of a test starts late.
 */
export const openBench = (client: () => EventsClient) => {
  const receivers: Receiver[] = [];
  return {
    receiverHere: async (port?: number): Promise<Receiver> => {
      const receiver = await startReceiver(port);
      receivers.push(receiver);
      return receiver;
    },
    subscribe: (receiver: Pick<Receiver, 'url'>, type: string, more: Partial<Create> = {}) =>
      client().createSubscription({ url: receiver.url, eventTypes: [type], ...more }),
    /**
     * Numbered events of a type over so many subjects; those of one subject one after the other, so that their order is
     * known.
     */
    publish: async (type: string, count: number, subjects = 1, from = 0): Promise<void> => {
      const all = range(count, from);
      await Promise.all(
        range(subjects).map(async (subject) => {
          for (const n of all.filter((number) => number % subjects === subject))
            await client().publishEvent({ type, subject: `s${subject}`, data: { n } });
        }),
      );
    },
    /** Ends every subscription and receiver. */
    clear: async (): Promise<void> => {
      const { items } = await client().listSubscriptions({ limit: 200 });
      for (const { id } of items) await client().deleteSubscription({ subscriptionId: id });
      for (const receiver of receivers.splice(0)) await receiver.close();
    },
  };
};

/** The dead letters of the domain's topic for one subscription. */
export const deadLettersOf = async (brokers: string[], subscriptionId: string): Promise<KafkaMessage[]> => {
  const kafka = createKafka({ brokers, clientId: 'test', log: silentLog });
  const { messages } = await readTopics(kafka, ['commerce.events.dlq']);
  return messages
    .map(({ message }) => message)
    .filter((message) => headersOf(message)['dlq_subscription'] === subscriptionId);
};

export const headersOf = (message: KafkaMessage | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(message?.headers ?? {}).map(([name, value]) => [name, String(value)]));
