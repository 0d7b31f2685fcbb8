/** Does every piece of work, `lanes` of them at a time, and returns what each came to, in their order. */
export const inLanes = async <T>(lanes: number, work: readonly (() => Promise<T>)[]): Promise<T[]> => {
  const results: T[] = [];
  const waiting = work.entries();
  const lane = async (): Promise<void> => {
    // One iterator for all: each lane takes what comes next.
    for (const [index, begin] of waiting) results[index] = await begin();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
};
