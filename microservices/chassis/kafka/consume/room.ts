import { partsOf, type Engine } from './state.ts';

/** Over all partitions: memory stays bounded whatever the size of the messages. */
const HELD_BYTES = 8_000_000;

const heldBytes = ({ weights }: Engine): number => [...weights.values()].reduce((sum, { bytes }) => sum + bytes, 0);

/** True when another message of the partition may be taken in. */
export const hasRoom = (engine: Engine, name: string): boolean =>
  engine.window.hasRoom(name) && heldBytes(engine) < HELD_BYTES;

/** Reads on only when half is free, so that a full partition is not fetched again for each message that ends. */
export const makeRoom = (engine: Engine): void => {
  if (engine.state === 'stopping' || engine.paused.size === 0 || heldBytes(engine) > HELD_BYTES / 2) return;
  const resumable = [...engine.paused].filter((name) => engine.window.held(name) <= engine.options.limits.held / 2);
  for (const name of resumable) {
    engine.paused.delete(name);
    resume(engine, name);
  }
};

const resume = ({ consumer }: Engine, name: string): void => {
  const { topic, partition } = partsOf(name);
  try {
    consumer.resume([{ topic, partitions: [partition] }]);
  } catch {
    // The connection is lost: the next one begins with nothing paused.
  }
};

/** Stops reading at the end; heartbeats go on while the running messages end. */
export const pauseAll = ({ consumer, options }: Engine): void => {
  try {
    consumer.pause(options.topics.map((topic) => ({ topic })));
  } catch {
    // It is not in its group, as while Kafka is away: then it reads nothing that could be paused.
  }
};
