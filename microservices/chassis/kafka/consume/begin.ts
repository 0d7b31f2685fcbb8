import { setTimeout as sleep } from 'node:timers/promises';
import type { StartOffset } from './options.ts';
import { nameOf, type Engine } from './state.ts';

const AGAIN_MS = 500;
const TRIES = 60;

/**
 * Sets the group to the offsets of `begin`, and reads from there. Throws when Kafka has not taken them after half a
 * minute.
 */
export const setBeginning = async (engine: Engine): Promise<void> => {
  const { consumer, options, committing } = engine;
  const begin = options.begin ?? [];
  const isSet = ({ topic, partition, offset }: StartOffset): boolean =>
    committing.committed(nameOf(topic, partition)) === BigInt(offset);
  for (let tries = 0; engine.state === 'beginning' && !begin.every(isSet); tries += 1) {
    if (tries > 0) await sleep(AGAIN_MS);
    await consumer
      .commitOffsets(begin.map((start) => ({ ...start, metadata: options.metadata ?? null })))
      .catch((error: unknown) => {
        if (tries === TRIES) throw error;
      });
  }
  if (engine.state === 'beginning') for (const start of begin) consumer.seek(start);
};
