import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker, type Broker, type BrokerOptions, type LogEntry } from '../index.ts';

/** A broker on a free port over a folder of its own, gone after `remove`. */
export type TemporaryBroker = {
  readonly broker: () => Broker;
  readonly entries: LogEntry[];
  readonly dataDir: string;
  /** Stops the broker in order and starts it again on the same folder and port. */
  readonly restart: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

export async function temporaryBroker(options: Partial<BrokerOptions> = {}): Promise<TemporaryBroker> {
  const dataDir = await temporaryFolder();
  const entries: LogEntry[] = [];
  const start = (port: number): Promise<Broker> =>
    startBroker({ ...options, dataDir, port, log: (entry) => entries.push(entry) });
  let current = await start(0);
  return {
    broker: () => current,
    entries,
    dataDir,
    async restart() {
      await current.close();
      current = await start(current.port);
    },
    async remove() {
      await current.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'embedded-kafka-'));
