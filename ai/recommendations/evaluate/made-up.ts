import { monitorEventLoopDelay } from 'node:perf_hooks';
import { seededRandom } from '../../learning/random.ts';
import { runInThread } from '../../learning/worker/run-in-thread.ts';
import { neighbourRatings, trainNeighbours, type Neighbours } from '../model/neighbours.ts';
import type { Trained, TrainingInput } from '../train.ts';
import { measure, rounded, timed } from './protocol.ts';

const LARGE = { items: 100_000, persons: 200_000, events: 10 };

/** Time and memory of item-kNN on made-up histories of 100,000 items, whose popularity falls as it does in shops. */
export const measureLarge = () => {
  const random = seededRandom(1);
  const histories = Array.from({ length: LARGE.persons }, () => {
    // Each person stays in a region of the catalog.
    const home = Math.floor(random() * LARGE.items);
    const own = Array.from({ length: LARGE.events }, () =>
      random() < 0.7 ? (home + Math.floor(random() ** 2 * 500)) % LARGE.items : Math.floor(random() ** 3 * LARGE.items),
    );
    return [...new Set(own)];
  });
  const before = process.memoryUsage();
  const training = timed(() => trainNeighbours({ histories, items: LARGE.items }));
  const cases = histories.slice(0, 2_000).map((history) => ({ history, wanted: new Set([0]) }));
  const { p99_ms, p99_cpu_ms } = measure(neighbourRatings(training.result), cases, [10]);
  const after = process.memoryUsage();
  return {
    items: LARGE.items,
    events: histories.reduce((sum, { length }) => sum + length, 0),
    build_seconds: training.seconds,
    build_cpu_seconds: training.cpu_seconds,
    model_megabytes: rounded(bytesOf(training.result) / 2 ** 20),
    grown_megabytes: rounded((after.rss - before.rss) / 2 ** 20),
    p99_ms,
    p99_cpu_ms,
  };
};

/** How long the event loop stood still at most while a shop of 1,000 made-up items was trained in a thread. */
export const measureStall = async () => {
  const random = seededRandom(1);
  const histories = Array.from({ length: 3_000 }, () => [
    ...new Set(Array.from({ length: 30 }, () => Math.floor(1_000 * random() ** 2))),
  ]);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await runInThread<TrainingInput, Trained>(new URL('../train.ts', import.meta.url), 'train', {
    histories,
    items: 1_000,
  });
  delay.disable();
  return { p99_ms: rounded(delay.percentile(99) / 1e6), longest_ms: rounded(delay.max / 1e6) };
};

const bytesOf = ({ starts, items, weights }: Neighbours): number =>
  starts.byteLength + items.byteLength + weights.byteLength;
