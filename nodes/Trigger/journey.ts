/** An execution that ended or was parked; the part of n8n's `IRun` that matters here. */
export interface Run {
  status: string;
  data?: {
    resultData?: {
      error?: { name?: string; message?: string; description?: string | null };
      lastNodeExecuted?: string;
    };
  };
}

/** How the execution for an event ended. */
export type Outcome =
  | { kind: 'done'; status: 'success' | 'waiting' }
  /** It ran and failed, or could not begin. */
  | { kind: 'failed'; reason: string; node: string | null }
  /** n8n has an execution under this key: one of before a crash, whose end we cannot know. */
  | { kind: 'started before' }
  /** A person stopped it in n8n. */
  | { kind: 'stopped' }
  /** n8n is shutting down. */
  | { kind: 'interrupted' }
  /** It did not end in time. */
  | { kind: 'overdue'; seconds: number };

/** A promise that n8n settles when the execution ends or is parked. */
export interface Done {
  promise: Promise<Run | undefined>;
  resolve: (run: Run | undefined | PromiseLike<Run | undefined>) => void;
  reject: (error: Error) => void;
}

/** Starts one execution and waits for its end, but not longer than the deadline. Never throws. */
export const runJourney = async (start: (done: Done) => void, deadlineMs: number): Promise<Outcome> => {
  const done = deferred();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const overdue = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'overdue', seconds: Math.round(deadlineMs / 1_000) }), deadlineMs);
  });
  const ended = done.promise.then(outcomeOf, outcomeOfError);
  try {
    start(done);
    return await Promise.race([ended, overdue]);
  } catch (error) {
    return outcomeOfError(error);
  } finally {
    clearTimeout(timer);
  }
};

const deferred = (): Done => {
  let resolve: Done['resolve'] = () => undefined;
  let reject: Done['reject'] = () => undefined;
  const promise = new Promise<Run | undefined>((onRun, onError) => {
    resolve = onRun;
    reject = onError;
  });
  return { promise, resolve, reject };
};

/** By n8n's own statuses; `undefined` comes when it refused the de-duplication key. */
const outcomeOf = (run: Run | undefined): Outcome => {
  if (run === undefined) return { kind: 'started before' };
  if (run.status === 'success' || run.status === 'waiting') return { kind: 'done', status: run.status };
  if (run.status === 'canceled') return { kind: 'stopped' };
  const { error, lastNodeExecuted } = run.data?.resultData ?? {};
  const said = [error?.message, error?.description].filter(Boolean).join(': ');
  return { kind: 'failed', reason: said || `it ended with status "${run.status}"`, node: lastNodeExecuted ?? null };
};

/** n8n rejects for executions that were cancelled (with a reason) and for those that ended before they began. */
const outcomeOfError = (error: unknown): Outcome => {
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
  if (reason === 'manual') return { kind: 'stopped' };
  if (reason === 'shutdown') return { kind: 'interrupted' };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const said =
    name === 'ExecutionNotFoundError'
      ? 'n8n could not begin the execution; open the failed execution in n8n to see why'
      : message;
  return { kind: 'failed', reason: said, node: null };
};
