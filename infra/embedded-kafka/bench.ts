import { fork, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBroker } from './index.ts';
import { buildBatch } from './testing/build-batch.ts';
import { temporaryFolder } from './testing/temporary-broker.ts';
import { connectWire, type WireClient } from './testing/wire-client.ts';
import { createTopic, fetchBatches, produceBatch } from './testing/wire-requests.ts';

/**
 * Throughput and memory of the broker, in a process of its own, with a bare client of the protocol in this one: 1 KB
 * records, uncompressed, in batches of `--batch` records, acks=all, `--inflight` requests at a time over as many
 * connections. Reading follows writing, while retention keeps the log at 256 MB.
 */
const { values } = parseArgs({
  options: {
    gb: { type: 'string', default: '5' },
    batch: { type: 'string', default: '100' },
    inflight: { type: 'string', default: '4' },
    fsync: { type: 'boolean', default: false },
    'as-broker': { type: 'string' },
  },
});

const mebibyte = 1024 * 1024;
const recordBytes = 1024;
const topic = 'bench';

if (values['as-broker'] === undefined) await measure();
else await serve(values['as-broker']);

/** The broker's process: says its port, then answers each message with its memory. */
async function serve(dataDir: string): Promise<void> {
  const broker = await startBroker({ dataDir, flush: values.fsync ? 'fsync' : 'os' });
  process.send?.(broker.port);
  process.on('message', () => process.send?.(process.memoryUsage().rss));
  process.on('disconnect', () => void broker.close());
}

async function measure(): Promise<void> {
  const total = Number(values.gb) * 1024 * mebibyte;
  const dataDir = await temporaryFolder();
  const child = fork(fileURLToPath(import.meta.url), ['--as-broker', dataDir, ...(values.fsync ? ['--fsync'] : [])]);
  try {
    const port = await nextMessage(child);
    console.log(
      `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
    );
    console.log(
      `${values.gb} GB, ${recordBytes} B records, ${values.batch} a batch, ${values.inflight} in flight, flush ${values.fsync ? 'fsync' : 'os'}`,
    );
    await flow({ host: '127.0.0.1', port }, child, total);
  } finally {
    child.disconnect();
    await new Promise((resolve) => child.once('exit', resolve));
    await rm(dataDir, { recursive: true, force: true });
  }
}

function nextMessage(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`the broker's process ended with code ${code ?? 'none'}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(Number(message));
    });
  });
}

async function memoryOf(child: ChildProcess): Promise<number> {
  child.send('memory');
  return (await nextMessage(child)) / mebibyte;
}

/** Writes and reads the whole amount in rounds of 64 MB, and prints speed and memory as it goes. */
async function flow(address: { host: string; port: number }, child: ChildProcess, total: number): Promise<void> {
  const writers = await Promise.all(Array.from({ length: Number(values.inflight) }, () => connectWire(address)));
  const reader = await connectWire(address);
  await createTopic(reader, topic, 1, { 'retention.bytes': String(256 * mebibyte) });
  const roundBytes = 64 * mebibyte;
  const seconds = { produce: 0, fetch: 0 };
  const memory: number[] = [];
  let offset = 0;
  for (let done = 0; done < total; done += roundBytes) {
    seconds.produce += await timed(() => produceRound(writers, roundBytes));
    seconds.fetch += await timed(async () => {
      offset = await fetchRound(reader, offset, roundBytes);
    });
    memory.push(await memoryOf(child));
    if (memory.length % 8 === 0)
      console.log(`${((done + roundBytes) / 2 ** 30).toFixed(1)} GB: memory ${memory.at(-1)?.toFixed(0)} MB`);
  }
  const amount = (memory.length * roundBytes) / mebibyte;
  console.log(
    `produce ${(amount / seconds.produce).toFixed(0)} MB/s (${Math.round((amount * 1024) / seconds.produce)} records/s)`,
  );
  console.log(
    `fetch   ${(amount / seconds.fetch).toFixed(0)} MB/s (${Math.round((amount * 1024) / seconds.fetch)} records/s)`,
  );
  const settled = memory.slice(Math.floor(memory.length / 5));
  console.log(
    `broker's memory (RSS) after the first fifth: ${Math.min(...settled).toFixed(0)} to ${Math.max(...settled).toFixed(0)} MB`,
  );
  for (const client of [...writers, reader]) await client.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function produceRound(writers: readonly WireClient[], bytes: number): Promise<void> {
  const records = Array.from({ length: Number(values.batch) }, () => ({
    value: Buffer.alloc(recordBytes, 'x'),
    timestamp: Date.now(),
  }));
  const batch = buildBatch(records);
  let left = Math.ceil(bytes / (records.length * recordBytes));
  await Promise.all(
    writers.map(async (writer) => {
      while (left > 0) {
        left -= 1;
        const { errorCode } = await produceBatch(writer, topic, 0, batch);
        if (errorCode !== 0) throw new Error(`the broker refused a batch with error code ${errorCode}`);
      }
    }),
  );
}

async function fetchRound(reader: WireClient, from: number, bytes: number): Promise<number> {
  let offset = from;
  for (let read = 0; read < bytes;) {
    const { errorCode, records } = await fetchBatches(reader, topic, 0, offset, { maxBytes: 4 * mebibyte });
    if (errorCode !== 0 || records.length === 0)
      throw new Error(`reading at ${offset} gave error code ${errorCode}, ${records.length} bytes`);
    read += records.length;
    offset = offsetAfter(records);
  }
  return offset;
}

/** The offset behind the last of several whole batches. */
function offsetAfter(batches: Buffer): number {
  let next = 0;
  for (let at = 0; at < batches.length; at += 12 + batches.readInt32BE(at + 8)) {
    next = Number(batches.readBigInt64BE(at)) + batches.readInt32BE(at + 23) + 1;
  }
  return next;
}
