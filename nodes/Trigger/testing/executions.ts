import type { EventItem } from '../event-item.ts';
import type { Done, Run } from '../journey.ts';

/** Runs a workflow on an event; a thrown error is a failed execution. */
export type Workflow = (item: EventItem, execution: { key: string }) => Promise<'success' | 'waiting'>;

/** Rejects as n8n does for an execution that was cancelled; why stands in the reason. */
export class Cancelled extends Error {
  readonly reason: 'manual' | 'timeout' | 'shutdown';
  constructor(reason: Cancelled['reason']) {
    super('The execution was cancelled');
    this.reason = reason;
  }
}

export interface Executions {
  /** Every execution that was started, in order. */
  started: { item: EventItem; key: string }[];
  start: (item: EventItem, done: Done | undefined, key: string) => void;
}

/**
 * Executions as n8n 2.33 has them: `undefined` for a de-duplication key that is taken, a run with a status when one
 * ended or was parked, a rejection when it was cancelled (packages/cli:
 * workflows/triggers/trigger-execution-context.factory, active-executions). Hand over `keys` of before for an n8n that
 * was restarted.
 */
export const createExecutions = (workflow: Workflow, keys = new Set<string>()): Executions => {
  const started: Executions['started'] = [];
  return {
    started,
    start: (item, done, key) => {
      if (keys.has(key)) return done?.resolve(undefined);
      keys.add(key);
      started.push({ item, key });
      void execute(workflow, item, key).then(done?.resolve, done?.reject);
    },
  };
};

const execute = async (workflow: Workflow, item: EventItem, key: string): Promise<Run> => {
  try {
    return { status: await workflow(item, { key }), data: { resultData: {} } };
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    const { message } = error as Error;
    return { status: 'error', data: { resultData: { error: { message }, lastNodeExecuted: 'Reserve stock' } } };
  }
};
