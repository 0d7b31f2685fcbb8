import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Random } from './random.ts';

/**
 * A PostgreSQL server that fails commits, as YugabyteDB does under contention: a proxy that turns a share of all
 * COMMITs into ROLLBACK and returns SQLSTATE 40001 or 40P01, in turn, in the server's place. Understands just enough of
 * the protocol (PostgreSQL documentation, chapter "Frontend/Backend Protocol", message formats) to find simple queries
 * and their end.
 */
export interface FailingDatabase {
  url: string;
  /** How many commits were failed so far. */
  failed(): number;
  setRate(rate: number): void;
  close(): Promise<void>;
}

export const startFailingDatabase = async (databaseUrl: string, random: Random): Promise<FailingDatabase> => {
  const target = new URL(databaseUrl);
  const state = { rate: 0, failed: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Small messages go out at once: waiting to fill a packet would cost 40 ms a round trip.
      socket.setNoDelay(true);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    proxyConnection(client, upstream, () => {
      if (random.next() >= state.rate) return undefined;
      return FAILURES[state.failed++ % FAILURES.length];
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  // Through the proxy, not past it by the server's Unix socket.
  url.searchParams.delete('host');
  return {
    url: url.href,
    failed: () => state.failed,
    setRate: (rate) => (state.rate = rate),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};

const FAILURES: readonly Failure[] = [
  { state: '40001', words: 'could not serialize access (injected)' },
  { state: '40P01', words: 'deadlock detected (injected)' },
];

interface Failure {
  state: string;
  words: string;
}

const proxyConnection = (client: Socket, upstream: Socket, nextFailure: () => Failure | undefined): void => {
  // Statements may be sent before earlier ones are answered: for each that waits for its ReadyForQuery, how it is to
  // fail.
  const waiting: (Failure | undefined)[] = [];
  const fromClient = messageReader(true, (message) => {
    const failure = isCommit(message) ? nextFailure() : undefined;
    if (message[0] === SIMPLE_QUERY || message[0] === SYNC) waiting.push(failure);
    upstream.write(failure ? simpleQuery('ROLLBACK') : message);
  });
  const fromServer = messageReader(false, (message) => {
    const [failing] = waiting;
    const ends = message[0] === READY_FOR_QUERY;
    // The first ReadyForQuery ends the start of the connection, for which nobody asked.
    if (ends) waiting.shift();
    if (!failing) return void client.write(message);
    // The answer to our ROLLBACK is swallowed; in its place the client hears that its COMMIT failed.
    if (ends) client.write(Buffer.concat([errorResponse(failing), message]));
  });
  client.on('data', fromClient);
  upstream.on('data', fromServer);
};

const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const SIMPLE_QUERY = 'Q'.charCodeAt(0);
const SYNC = 'S'.charCodeAt(0);

/** Cuts a stream into whole messages; the client's first (startup) message has no type byte. */
const messageReader = (startsUntyped: boolean, handle: (message: Buffer) => void): ((chunk: Buffer) => void) => {
  let pending: Buffer = Buffer.alloc(0);
  let untyped = startsUntyped;
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const header = untyped ? 0 : 1;
      if (pending.length < header + 4) return;
      const total = header + pending.readInt32BE(header);
      if (pending.length < total) return;
      handle(pending.subarray(0, total));
      pending = pending.subarray(total);
      untyped = false;
    }
  };
};

const isCommit = (message: Buffer): boolean =>
  message[0] === SIMPLE_QUERY && message.toString('utf8', 5, message.length - 1).trim() === 'COMMIT';

const framed = (type: string, body: Buffer): Buffer => {
  const message = Buffer.alloc(5 + body.length);
  message.write(type, 0, 'latin1');
  message.writeInt32BE(4 + body.length, 1);
  body.copy(message, 5);
  return message;
};

const simpleQuery = (sql: string): Buffer => framed('Q', Buffer.from(`${sql}\0`));

const errorResponse = ({ state, words }: Failure): Buffer =>
  framed('E', Buffer.from(`SERROR\0VERROR\0C${state}\0M${words}\0\0`));
