export type Outcome<T> = { is: 'done'; value: T } | { is: 'failed'; error: unknown } | { is: 'late' };

/** The outcome of work within a time. Late work goes on; if it fails then, nothing is thrown. */
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
