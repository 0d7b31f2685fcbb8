import { errorCodes } from '../protocol/error-codes.ts';

/**
 * Idempotent producers (KIP-98): each numbers its records per partition, so that a batch sent twice is stored once and
 * a lost one is noticed. This is the broker's side, decided without I/O.
 */
export type SequencedBatch = {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
};

export type RememberedBatch = { readonly first: number; readonly last: number; readonly baseOffset: number };

/** A partition's memory of one producer. `seenAt` is in milliseconds, for forgetting producers that are gone. */
export type ProducerState = {
  readonly epoch: number;
  readonly batches: readonly RememberedBatch[];
  readonly seenAt: number;
};

export type ProducerStates = Map<number, ProducerState>;

export type SequenceVerdict =
  | { readonly kind: 'next' }
  | { readonly kind: 'duplicate'; readonly baseOffset: number }
  | { readonly kind: 'refused'; readonly errorCode: number; readonly message: string };

/** A client keeps at most five requests in flight, so five batches suffice to recognise any repetition. */
const rememberedBatches = 5;
const sequences = 0x8000_0000;

/** Sequences wrap from 2^31-1 to 0. */
const lastSequence = (batch: SequencedBatch): number => (batch.baseSequence + batch.recordCount - 1) % sequences;

/**
 * Tells a producer's next batch from a repetition and from one out of order. As in Kafka, a producer that the
 * partition does not know may start with any sequence: its earlier records may have been deleted by retention.
 */
export function checkSequence(states: ProducerStates, batch: SequencedBatch): SequenceVerdict {
  const state = states.get(batch.producerId);
  if (state === undefined) return { kind: 'next' };
  if (batch.producerEpoch < state.epoch) {
    const message = `producer ${batch.producerId} has epoch ${batch.producerEpoch}, a newer one has ${state.epoch}`;
    return { kind: 'refused', errorCode: errorCodes.INVALID_PRODUCER_EPOCH, message };
  }
  if (batch.producerEpoch > state.epoch) {
    return batch.baseSequence === 0 ? { kind: 'next' } : outOfOrder(batch, 0);
  }
  const last = lastSequence(batch);
  const repeated = state.batches.find((known) => known.first === batch.baseSequence && known.last === last);
  if (repeated) return { kind: 'duplicate', baseOffset: repeated.baseOffset };
  const expected = ((state.batches.at(-1)?.last ?? -1) + 1) % sequences;
  return batch.baseSequence === expected ? { kind: 'next' } : outOfOrder(batch, expected);
}

function outOfOrder(batch: SequencedBatch, expected: number): SequenceVerdict {
  const message = `producer ${batch.producerId} sent sequence ${batch.baseSequence}, ${expected} was next`;
  return { kind: 'refused', errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER, message };
}

/** Remembers a batch that got `baseOffset`. Batches of ordinary producers (id -1) leave no trace. */
export function rememberBatch(states: ProducerStates, batch: SequencedBatch, baseOffset: number, now: number): void {
  if (batch.producerId < 0) return;
  const state = states.get(batch.producerId);
  const earlier = state?.epoch === batch.producerEpoch ? state.batches.slice(1 - rememberedBatches) : [];
  const remembered = { first: batch.baseSequence, last: lastSequence(batch), baseOffset };
  states.set(batch.producerId, { epoch: batch.producerEpoch, batches: [...earlier, remembered], seenAt: now });
}

/** Forgets the producers that were last seen before `before`. */
export function forgetProducers(states: ProducerStates, before: number): void {
  for (const [producerId, state] of states) {
    if (state.seenAt < before) states.delete(producerId);
  }
}
