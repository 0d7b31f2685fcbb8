import { seededRandom } from '../learning/random.ts';
import { runInThread } from '../learning/worker/run-in-thread.ts';
import { train, type Trained, type TrainingInput } from './train.ts';

const TRAIN = new URL('./train.ts', import.meta.url);

const inputOf = (items: number, customers: number): TrainingInput => {
  const random = seededRandom(1);
  const histories = Array.from({ length: customers }, () => [
    ...new Set(Array.from({ length: 20 }, () => Math.floor(items * random() ** 2))),
  ]);
  return { histories, items, attributes: Array.from({ length: items }, (_, item) => [`brand ${item % 40}`]) };
};

const bytesOf = ({ neighbours: { starts, items, weights }, ease }: Trained): string[] =>
  [starts, items, weights, ease?.weights ?? new Float32Array()].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  );

test('training in a thread gives the same bytes, and the event loop turns meanwhile', async () => {
  const input = inputOf(700, 2_000);
  const training = runInThread<TrainingInput, Trained>(TRAIN, 'train', input);
  let turns = 0;
  const turn = () => new Promise<'turned'>((resolve) => setImmediate(() => resolve('turned')));
  while ((await Promise.race([training, turn()])) === 'turned') turns += 1;
  // Here training itself would leave none.
  expect(turns).toBeGreaterThan(100);
  expect(bytesOf(await training)).toEqual(bytesOf(train(input)));
});

test('a catalog too large for EASE has neighbours only', async () => {
  const { ease, neighbours } = train({ histories: [[0, 5_000]], items: 5_001 });
  expect(ease).toBeNull();
  expect([...neighbours.items]).toEqual([5_000, 0]);
});

test('an error of the function comes back, and so does a function that is not there', async () => {
  const wrong: TrainingInput = { histories: [[3]], items: 2 };
  await expect(runInThread(TRAIN, 'train', wrong)).rejects.toThrow('A history holds item 3, but there are 2 items.');
  await expect(runInThread(TRAIN, 'learn', wrong)).rejects.toThrow('exports no function "learn"');
});

test('a training that nobody waits for any more is ended', async () => {
  const controller = new AbortController();
  const training = runInThread(TRAIN, 'train', inputOf(2_000, 2_000), { signal: controller.signal });
  controller.abort(new Error('the service stops'));
  await expect(training).rejects.toThrow('the service stops');
  await expect(runInThread(TRAIN, 'train', inputOf(10, 10), { signal: controller.signal })).rejects.toThrow('stops');
});
