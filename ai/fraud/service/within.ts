export type Outcome<T> = { is: 'done'; value: T } | { is: 'failed'; error: unknown } | { is: 'late' };

/** What becomes of work within a time. Work that is late goes on, and its end, good or bad, is nobody's surprise. */
export const within = <T>(milliseconds: number, work: Promise<T>): Promise<Outcome<T>> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ is: 'late' }), milliseconds);
    const settle = (outcome: Outcome<T>): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    work.then(
      (value) => settle({ is: 'done', value }),
      (error: unknown) => settle({ is: 'failed', error }),
    );
  });
