import type { PartitionLog } from '../log/partition-log.ts';
import { readLog } from '../log/read-log.ts';
import { zstd } from '../log/record-batch.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { FetchedPartition, FetchPartition, FetchRequest, FetchResponse } from '../protocol/fetch.ts';
import { findPartition, type BrokerState, type Call } from './broker-state.ts';

/** The most that one response carries, whatever the client allows; it only means that the client asks again sooner. */
const largestResponse = 16 * 1024 * 1024;
const firstZstdVersion = 10;

type Collected = {
  readonly response: FetchResponse;
  readonly bytes: number;
  readonly failed: boolean;
  readonly release: () => void;
};

/** Returns with what is there, or waits until `minBytes` are there or `maxWaitMs` have passed. */
export async function handleFetch(request: FetchRequest, state: BrokerState, call: Call): Promise<FetchResponse> {
  if (request.sessionId !== 0) return { errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, topics: [] };
  const deadline = performance.now() + Math.min(call.fetchWaitMs, Math.max(0, request.maxWaitMs));
  for (;;) {
    const logs = logsOf(request, state);
    const seen = writtenBytes(logs);
    const collected = await collect(request, state);
    const missing = request.minBytes - collected.bytes;
    if (missing <= 0 || collected.failed || performance.now() >= deadline) {
      call.afterwards(collected.release);
      return collected.response;
    }
    collected.release();
    if (!(await moreArrives(logs, seen + missing, deadline, call))) return collect(request, state).then(keep(call));
  }
}

const keep =
  (call: Call) =>
  (collected: Collected): FetchResponse => {
    call.afterwards(collected.release);
    return collected.response;
  };

function logsOf(request: FetchRequest, state: BrokerState): PartitionLog[] {
  const wanted = request.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition }) => findPartition(state, name, partition)),
  );
  return wanted.filter((log) => log !== undefined);
}

const writtenBytes = (logs: readonly PartitionLog[]): number =>
  logs.reduce((total, log) => total + log.writtenBytes, 0);

/**
 * Waits until the logs have taken in `enough` bytes or one was closed; false when the time is up or nobody waits any
 * more.
 */
function moreArrives(logs: readonly PartitionLog[], enough: number, deadline: number, call: Call): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(false), Math.max(0, Math.ceil(deadline - performance.now())));
    const stopListening = call.onClosed(() => finish(false));
    for (const log of logs) log.watchers.add(check);
    check();

    function check(): void {
      if (writtenBytes(logs) >= enough || logs.some(({ closed }) => closed !== null)) finish(true);
    }
    function finish(arrived: boolean): void {
      clearTimeout(timer);
      stopListening();
      for (const log of logs) log.watchers.delete(check);
      resolve(arrived);
    }
  });
}

async function collect(request: FetchRequest, state: BrokerState): Promise<Collected> {
  const releases: (() => void)[] = [];
  let left = Math.min(largestResponse, Math.max(0, request.maxBytes));
  let bytes = 0;
  let failed = false;
  const topics: { name: string; partitions: FetchedPartition[] }[] = [];
  for (const { name, partitions } of request.topics) {
    const fetched: FetchedPartition[] = [];
    for (const wanted of partitions) {
      const log = findPartition(state, name, wanted.partition);
      const { partition, release } = await fetchPartition(log, wanted, left, bytes === 0, request.version);
      releases.push(release);
      fetched.push(partition);
      failed ||= partition.errorCode !== errorCodes.NONE;
      bytes += partition.records.length;
      left = Math.max(0, left - partition.records.length);
    }
    topics.push({ name, partitions: fetched });
  }
  const release = (): void => releases.forEach((giveBack) => giveBack());
  return { response: { errorCode: errorCodes.NONE, topics }, bytes, failed, release };
}

type Fetched = { readonly partition: FetchedPartition; readonly release: () => void };

const noRecords = Buffer.alloc(0);

function withoutRecords(log: PartitionLog | undefined, partition: number, errorCode: number): Fetched {
  const highWatermark = log?.highWatermark ?? -1;
  const logStartOffset = log?.startOffset ?? -1;
  return {
    partition: { partition, errorCode, highWatermark, logStartOffset, records: noRecords },
    release: () => undefined,
  };
}

async function fetchPartition(
  log: PartitionLog | undefined,
  wanted: FetchPartition,
  bytesLeft: number,
  first: boolean,
  version: number,
): Promise<Fetched> {
  const { partition, offset } = wanted;
  const problem = fetchProblem(log, wanted);
  if (log === undefined || problem !== errorCodes.NONE) return withoutRecords(log, partition, problem);
  const { records, compressions, release } = await readLog(
    log,
    offset,
    Math.min(bytesLeft, Math.max(0, wanted.maxBytes)),
    first,
  );
  if (compressions.has(zstd) && version < firstZstdVersion) {
    release();
    return withoutRecords(log, partition, errorCodes.UNSUPPORTED_COMPRESSION_TYPE);
  }
  const { highWatermark, startOffset: logStartOffset } = log;
  return { partition: { partition, errorCode: errorCodes.NONE, highWatermark, logStartOffset, records }, release };
}

function fetchProblem(log: PartitionLog | undefined, { currentLeaderEpoch, offset }: FetchPartition): number {
  if (log === undefined || log.closed !== null) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  if (currentLeaderEpoch > 0) return errorCodes.UNKNOWN_LEADER_EPOCH;
  return offset < log.startOffset || offset > log.highWatermark ? errorCodes.OFFSET_OUT_OF_RANGE : errorCodes.NONE;
}
