/** Waits for a promise, but not longer than so many milliseconds, and never throws: for good-byes that must not hang. */
export const atMost = async (promise: Promise<unknown>, milliseconds: number): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise.catch(() => undefined), tooLate]);
  clearTimeout(timer);
};

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
