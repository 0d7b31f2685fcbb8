/** Waits for a promise, but not longer than so many milliseconds (Infinity: without limit), and never throws. */
export const atMost = async (promise: Promise<unknown>, milliseconds: number): Promise<void> => {
  const settled = promise.then(
    () => undefined,
    () => undefined,
  );
  if (milliseconds === Infinity) return settled;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([settled, tooLate]);
  clearTimeout(timer);
};
