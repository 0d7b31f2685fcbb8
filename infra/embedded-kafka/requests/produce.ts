import { append } from '../log/append.ts';
import { checkProducedBatch } from '../log/record-batch.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { ProducedPartition, ProducePartition, ProduceRequest, ProduceResponse } from '../protocol/produce.ts';
import { findPartition, type BrokerState, type Call } from './broker-state.ts';

/** A producer that asked for no answer learns of errors by its connection being closed, as in Kafka. */
export class UnansweredProduceFailed extends Error {}

const oldestVersion = 3;

export async function handleProduce(
  request: ProduceRequest,
  state: BrokerState,
  call: Call,
): Promise<ProduceResponse | null> {
  const refusal = requestProblem(request, call.version);
  const topics = await Promise.all(
    request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map((wanted) =>
          refusal
            ? Promise.resolve(refused(wanted.partition, refusal.errorCode, refusal.message))
            : appendTo(state, name, wanted),
        ),
      ),
    })),
  );
  if (request.acks !== 0) return { topics };
  const failed = topics.flatMap(({ partitions }) => partitions).find(({ errorCode }) => errorCode !== errorCodes.NONE);
  if (failed) throw new UnansweredProduceFailed(failed.errorMessage ?? `error code ${failed.errorCode}`);
  return null;
}

function requestProblem(request: ProduceRequest, version: number): { errorCode: number; message: string } | null {
  if (version < oldestVersion) {
    return { errorCode: errorCodes.UNSUPPORTED_VERSION, message: `Produce ${version} is too old, use 3 to 8` };
  }
  if (request.transactionalId !== null) {
    return { errorCode: errorCodes.INVALID_REQUEST, message: 'transactions are not supported by this broker' };
  }
  if (request.acks < -1 || request.acks > 1) {
    return { errorCode: errorCodes.INVALID_REQUIRED_ACKS, message: `acks is ${request.acks}, it may be -1, 0 or 1` };
  }
  return null;
}

const refused = (partition: number, errorCode: number, errorMessage: string): ProducedPartition => ({
  partition,
  errorCode,
  errorMessage,
  baseOffset: -1,
  logStartOffset: -1,
});

async function appendTo(
  state: BrokerState,
  topic: string,
  { partition, records }: ProducePartition,
): Promise<ProducedPartition> {
  const log = findPartition(state, topic, partition);
  if (log === undefined) {
    return refused(partition, errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `there is no ${topic}-${partition}`);
  }
  const checked = checkProducedBatch(records, log.settings().maxMessageBytes);
  if (!checked.valid || records === null) {
    const { errorCode, message } = checked.valid
      ? { errorCode: errorCodes.CORRUPT_MESSAGE, message: 'no records' }
      : checked;
    return refused(partition, errorCode, message);
  }
  const result = await append(log, records, checked.header);
  if (result.kind === 'refused') return refused(partition, result.errorCode, result.message);
  const { baseOffset } = result;
  return { partition, errorCode: errorCodes.NONE, errorMessage: null, baseOffset, logStartOffset: log.startOffset };
}
