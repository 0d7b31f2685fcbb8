import { SingleBar } from 'cli-progress';

/** A piece of work whose end is known. */
export interface Bar {
  at: (done: number) => void;
  end: () => void;
}

/** Shows how far long work is: a bar at a terminal, a line every few seconds elsewhere. */
export type StartBar = (what: string, total: number) => Bar;

export const terminalBars: StartBar = (what, total) => {
  const bar = new SingleBar({
    format: `${what.padEnd(12)} {bar} {percentage} % | {value} of {total} | {duration_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  });
  bar.start(total, 0);
  return { at: (done) => bar.update(done), end: () => bar.stop() };
};

export const noBars: StartBar = () => ({ at: () => undefined, end: () => undefined });

/** Does work on each item, `width` at a time, showing how far it is. The first failure ends it. */
export const onEach = async <Item>(
  items: readonly Item[],
  width: number,
  bar: Bar,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  let next = 0;
  let done = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined && !failed; item = items[next++]) {
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
      bar.at(++done);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
};
