import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { defaultLimits, openConnections, type Connections, type Limits } from './connections.ts';
import { closeDataFolder, openDataFolder, releaseDataFolder, type DataFolder } from './data-folder.ts';
import { closeCoordinator, openCoordinator } from './groups/coordinator.ts';
import { closeOffsets, openOffsets } from './groups/committed-offsets.ts';
import type { Flush, Log, LogEntry } from './log/partition-log.ts';
import { openProducerIds } from './producers/producer-ids.ts';
import type { BrokerState } from './requests/broker-state.ts';
import { startRetentionRounds } from './retention-round.ts';
import type { User } from './sign-in/exchange.ts';
import { mechanismsFor } from './sign-in/session.ts';
import { closeTopics, openTopics, type TopicStore } from './topics/topic-store.ts';

export type { LogEntry };

export type BrokerOptions = {
  /** Folder for everything the broker keeps; created when missing. One broker at a time. */
  readonly dataDir: string;
  /** Address to listen on, 127.0.0.1 unless given. Addresses that other machines reach need a user. */
  readonly host?: string;
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number;
  /** Host name that clients are told to connect to, when it differs from `host`. */
  readonly advertisedHost?: string;
  /** Who must sign in (SASL by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512) before anything else; nobody unless given. */
  readonly user?: User;
  readonly log?: Log;
  /** 'os' (default): acknowledged records survive the process. 'fsync': they survive the machine, at a price. */
  readonly flush?: Flush;
  /** True when a request for an unknown topic creates it; false unless given. */
  readonly autoCreateTopics?: boolean;
  /** Defaults of topics. Retention -1 means without end. */
  readonly defaults?: {
    readonly partitions?: number;
    readonly retentionMs?: number;
    readonly retentionBytes?: number;
    readonly segmentBytes?: number;
  };
  readonly limits?: Partial<Limits>;
};

export type BrokerStats = {
  readonly connections: number;
  readonly notSignedIn: number;
  readonly topics: number;
  readonly partitions: number;
  readonly groups: number;
  readonly requests: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
};

export type Broker = {
  readonly host: string;
  readonly port: number;
  /** "host:port", as clients write it. */
  readonly address: string;
  /** Stops accepting, writes everything to the disk and frees the port and the folder. */
  readonly close: () => Promise<void>;
  readonly stats: () => BrokerStats;
};

const nodeId = 1;
const loopback = /^(localhost|::1|127(\.\d{1,3}){3})$/;
const weekMs = 7 * 24 * 60 * 60 * 1000;
const mebibyte = 1024 * 1024;

/**
 * Starts a Kafka broker in this process. Rejects when the folder is in use or damaged, the port is taken, or other
 * machines could reach a broker without a user; the message says which and what to do.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { host = '127.0.0.1', user } = options;
  if (!user && !loopback.test(host))
    throw new Error(
      `a broker without a user listens on this machine only, not on ${host}: give it a user, or 127.0.0.1`,
    );
  const folder = await openDataFolder(resolve(options.dataDir));
  try {
    const state = await openState(options, folder);
    return await listen(options, state, folder).catch(async (error: unknown) => {
      await closeState(state);
      throw error;
    });
  } catch (error) {
    await releaseDataFolder(folder.path);
    throw error;
  }
}

async function openState(options: BrokerOptions, folder: DataFolder): Promise<BrokerState> {
  const { flush = 'os', log = () => undefined, autoCreateTopics = false, defaults = {} } = options;
  const topics: TopicStore = {
    directory: folder.path,
    defaults: {
      partitions: defaults.partitions ?? 1,
      retentionMs: defaults.retentionMs ?? weekMs,
      retentionBytes: defaults.retentionBytes ?? -1,
      segmentBytes: defaults.segmentBytes ?? 64 * mebibyte,
      maxMessageBytes: 1_048_588, // Kafka's own default
    },
    flush,
    log,
    topics: new Map(),
    changes: Promise.resolve(),
  };
  const producerIds = await openProducerIds(join(folder.path, 'producer-ids'));
  const offsets = await openOffsets(join(folder.path, 'committed-offsets'), flush, log);
  await openTopics(topics, folder.cleanShutdown).catch(async (error: unknown) => {
    await closeTopics(topics);
    await closeOffsets(offsets);
    throw error;
  });
  return {
    clusterId: folder.clusterId,
    nodeId,
    autoCreateTopics,
    log,
    topics,
    offsets,
    coordinator: openCoordinator(),
    producerIds,
  };
}

async function closeState({ topics, offsets }: BrokerState): Promise<void> {
  await closeTopics(topics);
  await closeOffsets(offsets);
}

async function listen(options: BrokerOptions, state: BrokerState, folder: DataFolder): Promise<Broker> {
  const { host = '127.0.0.1', port = 0, limits } = options;
  const advertisedHost = options.advertisedHost ?? host;
  const connections = openConnections(state, mechanismsFor(options.user), { ...defaultLimits, ...limits });
  const server = createServer((socket) =>
    connections.accept(socket, () => ({
      host: isWildcard(advertisedHost) ? (socket.localAddress ?? host) : advertisedHost,
      port: listeningPort,
    })),
  );
  const listeningPort = await startListening(server, host, port);
  const stopRetention = startRetentionRounds(state.topics);
  state.log({ level: 'info', message: `listening on ${host}:${listeningPort}`, host, port: listeningPort });

  let closing: Promise<void> | null = null;
  return {
    host,
    port: listeningPort,
    address: `${advertisedHost}:${listeningPort}`,
    close: () => (closing ??= shutDown(server, connections, state, folder, stopRetention)),
    stats: () => ({
      connections: connections.open.size,
      notSignedIn: connections.notSignedIn.size,
      topics: state.topics.topics.size,
      partitions: [...state.topics.topics.values()].reduce((total, topic) => total + topic.partitions.length, 0),
      groups: new Set([...state.coordinator.groups.keys(), ...state.offsets.table.keys()]).size,
      ...connections.traffic,
    }),
  };
}

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

function startListening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolveListening, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken ? new Error(`port ${port} on ${host} is in use: stop what listens there, or choose another port`) : error,
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolveListening(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Acknowledged messages are on the disk when this resolves; clients repeat the others. */
async function shutDown(
  server: Server,
  { open }: Connections,
  state: BrokerState,
  folder: DataFolder,
  stopRetention: () => void,
): Promise<void> {
  stopRetention();
  const closed = new Promise<void>((resolveClosed) => server.close(() => resolveClosed()));
  closeCoordinator(state.coordinator);
  const answering = [...open].map((connection) => connection.answering);
  for (const { socket } of open) socket.destroy();
  for (const answer of answering) await answer;
  await closed;
  await closeState(state);
  await closeDataFolder(folder);
  state.log({ level: 'info', message: 'the broker has stopped' });
}
