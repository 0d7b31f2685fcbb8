import fc from 'fast-check';
import { errorCodes } from '../protocol/error-codes.ts';
import {
  checkSequence,
  forgetProducers,
  rememberBatch,
  type ProducerStates,
  type SequencedBatch,
} from './sequences.ts';

const batch = (baseSequence: number, recordCount = 1, producerEpoch = 0): SequencedBatch => ({
  producerId: 7,
  producerEpoch,
  baseSequence,
  recordCount,
});

/** A partition that took these batches at offsets 0, 10, 20, … */
function having(...batches: readonly SequencedBatch[]): ProducerStates {
  const states: ProducerStates = new Map();
  batches.forEach((taken, index) => rememberBatch(states, taken, index * 10, 1000));
  return states;
}

describe('an idempotent producer', () => {
  test('goes on where its last batch ended', () => {
    expect(checkSequence(having(batch(0, 3)), batch(3))).toEqual({ kind: 'next' });
  });

  test('is told the first offset again when it repeats one of its last five batches', () => {
    const states = having(batch(0), batch(1), batch(2), batch(3), batch(4), batch(5));
    expect(checkSequence(states, batch(1))).toEqual({ kind: 'duplicate', baseOffset: 10 });
    expect(checkSequence(states, batch(5))).toEqual({ kind: 'duplicate', baseOffset: 50 });
    expect(checkSequence(states, batch(0))).toMatchObject({ errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER });
  });

  test('is refused when a batch is missing, or a repeated one has another length', () => {
    const outOfOrder = { kind: 'refused', errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER };
    expect(checkSequence(having(batch(0)), batch(2))).toMatchObject(outOfOrder);
    expect(checkSequence(having(batch(0, 3)), batch(0, 2))).toMatchObject(outOfOrder);
  });

  test('starts a new epoch at sequence 0 and is fenced in the old one', () => {
    const states = having(batch(0), batch(1));
    expect(checkSequence(states, batch(0, 1, 1))).toEqual({ kind: 'next' });
    expect(checkSequence(states, batch(2, 1, 1))).toMatchObject({ errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER });
    rememberBatch(states, batch(0, 1, 1), 99, 1000);
    expect(checkSequence(states, batch(2, 1, 0))).toMatchObject({ errorCode: errorCodes.INVALID_PRODUCER_EPOCH });
    expect(checkSequence(states, batch(0, 1, 1))).toEqual({ kind: 'duplicate', baseOffset: 99 });
  });

  test('wraps from 2^31-1 to 0, also within a batch', () => {
    expect(checkSequence(having(batch(2 ** 31 - 1)), batch(0))).toEqual({ kind: 'next' });
    expect(checkSequence(having(batch(2 ** 31 - 2, 5)), batch(3))).toEqual({ kind: 'next' });
  });

  test('may start anywhere when the partition does not know it', () => {
    expect(checkSequence(new Map(), batch(41))).toEqual({ kind: 'next' });
  });

  test('is forgotten after a long silence; ordinary producers are never remembered', () => {
    const states = having(batch(0));
    rememberBatch(states, { ...batch(0), producerId: -1 }, 0, 0);
    expect(states.size).toBe(1);
    forgetProducers(states, 1001);
    expect(states.size).toBe(0);
  });

  test('any interleaving of sends and repetitions stores each batch once, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }), (steps) => {
        const states: ProducerStates = new Map();
        const stored: number[] = [];
        let sent = 0;
        for (const back of steps) {
          const sequence = back === 0 ? sent : Math.max(0, sent - back);
          const verdict = checkSequence(states, batch(sequence));
          if (verdict.kind === 'next') {
            rememberBatch(states, batch(sequence), stored.length, 0);
            stored.push(sequence);
            sent += 1;
          } else {
            expect(verdict).toEqual({ kind: 'duplicate', baseOffset: sequence });
          }
        }
        expect(stored).toEqual(stored.map((_, index) => index));
      }),
    );
  });
});
