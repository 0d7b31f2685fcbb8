import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { frames, writeTimedOut, type Frame } from './frames.ts';

/**
 * Fate of a response: passed on, dropped, replaced by the loss of all connections (as when a network fails), or
 * replaced by a write time-out.
 */
export type Fate = 'deliver' | 'swallow' | 'cut' | 'time out';

export interface HeldBatch {
  /** Once it is here. */
  held: Promise<void>;
  /** Lets it go on to the node. */
  release(): void;
}

export interface LossyProxy {
  /** "host:port" for clients. */
  address: string;
  /** How many answers to prepared statements and batches did not arrive. */
  lost(): number;
  /**
   * Decides what becomes of the answers to prepared statements and batches from now on, by their number from 1; all are
   * delivered at first.
   */
  loseAnswers(fate: (number: number) => Fate): void;
  /** Keeps the next batch back, as a network may that delivers late. */
  holdNextBatch(): HeldBatch;
  /** Loses each new connection after so many answers of the node; none for `Infinity`. */
  loseConnectionsAfter(answers: () => number): void;
  /** Loses all connections and takes no new ones until the answer is called. */
  goAway(): () => void;
  stop(): Promise<void>;
}

const EXECUTE = 0x0a;
const BATCH = 0x0d;

/**
 * Stands between a client and one node of CQL's native protocol (version 4) and loses answers on purpose; the node has
 * carried out what was asked.
 */
export const startLossyProxy = async (node: string): Promise<LossyProxy> => {
  const [host = '', port = ''] = node.split(':');
  let fateOf: (number: number) => Fate = () => 'deliver';
  let lost = 0;
  let answered = 0;
  let away = false;
  let lifetime: () => number = () => Infinity;
  let hold: ((send: () => void) => void) | undefined;
  const sockets = new Set<Socket>();

  const cut = (): void => sockets.forEach((socket) => socket.destroy());

  const serve = (client: Socket): void => {
    if (away) return void client.destroy();
    const server = connect({ host, port: Number(port) });
    const asked = new Set<number>();
    let answersLeft = lifetime();
    const end = (): void => [client, server].forEach((socket) => socket.destroy());
    for (const socket of [client, server]) {
      sockets.add(socket.on('error', end));
      socket.on('close', () => sockets.delete(socket) && end());
    }
    const request = ({ opcode, stream, bytes }: Frame): void => {
      if (opcode === EXECUTE || opcode === BATCH) asked.add(stream);
      const send = (): unknown => server.writable && server.write(bytes);
      if (opcode !== BATCH || !hold) return void send();
      hold(send);
      hold = undefined;
    };
    const answer = ({ stream, bytes }: Frame): void => {
      if ((answersLeft -= 1) < 0) return end();
      const fate = asked.delete(stream) ? fateOf((answered += 1)) : 'deliver';
      if (fate !== 'deliver') lost += 1;
      if (fate === 'deliver') client.write(bytes);
      else if (fate === 'time out') client.write(writeTimedOut(stream));
      else if (fate === 'cut') cut();
    };
    client.on('data', frames(request));
    server.on('data', frames(answer));
  };

  const listener = createServer(serve);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    lost: () => lost,
    loseAnswers: (fate) => {
      [answered, fateOf] = [0, fate];
    },
    holdNextBatch: () => {
      let send: (() => void) | undefined;
      const held = new Promise<void>((resolve) => {
        hold = (later) => {
          send = later;
          resolve();
        };
      });
      return { held, release: () => send?.() };
    },
    loseConnectionsAfter: (answers) => {
      lifetime = answers;
    },
    goAway: () => {
      away = true;
      cut();
      return () => {
        away = false;
      };
    },
    stop: async () => {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
};
