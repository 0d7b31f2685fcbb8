import type { IDataObject, INode, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import type { EventItem } from '../event-item.ts';
import { FusionCommerceTrigger } from '../FusionCommerceTrigger.node.ts';

/** What a workflow did with an event; an error thrown is a failed execution. */
export type Workflow = (item: EventItem, execution: { key: string }) => Promise<'success' | 'waiting'>;

export interface HostOptions {
  address: string;
  workflow: Workflow;
  workflowId?: string;
  parameters?: IDataObject;
  credential?: IDataObject;
  mode?: 'trigger' | 'manual';
  /** The keys of executions that n8n's database holds; hand the same set to a host that stands for n8n after a restart. */
  executionKeys?: Set<string>;
}

export interface TestHost {
  activate: () => Promise<ITriggerResponse>;
  /** Every execution that was started, in order. */
  executions: { item: EventItem; key: string }[];
  /** Errors shown to the operator as failed executions. */
  reported: Error[];
  /** Errors with which the trigger asked to be activated anew. */
  failures: Error[];
  logged: string[];
}

/** Rejects as n8n does for an execution that was cancelled, by whom stands in the reason. */
export class Cancelled extends Error {
  readonly reason: 'manual' | 'timeout' | 'shutdown';
  constructor(reason: Cancelled['reason']) {
    super('The execution was cancelled');
    this.reason = reason;
  }
}

/**
 * As much of n8n 2.33 as a trigger meets: executions with de-duplication keys, a promise for each that settles with the run, `undefined` for a key that is
 * taken, a rejection for a cancelled one (packages/cli: workflows/triggers/trigger-execution-context.factory, active-executions).
 */
export const createHost = (options: HostOptions): TestHost => {
  const host: TestHost = { activate: () => activate(), executions: [], reported: [], failures: [], logged: [] };
  const keys = options.executionKeys ?? new Set<string>();
  const node: INode = {
    id: 'node-1',
    name: 'When an event happens',
    type: 'n8n-nodes-fusioncommerce.fusionCommerceTrigger',
    typeVersion: 1,
    position: [0, 0],
    parameters: {},
  };
  const log = (message: string) => void host.logged.push(message);
  const emit: ITriggerFunctions['emit'] = (data, _response, done, key = '') => {
    if (keys.has(key)) return void done?.resolve(undefined as unknown as IRun);
    keys.add(key);
    // The items are what the trigger emitted.
    const item = data[0]?.[0]?.json as unknown as EventItem;
    host.executions.push({ item, key });
    void execute(options.workflow, item, key).then(done?.resolve, done?.reject);
  };
  const context = {
    getCredentials: async () => ({ ...credentialFor(options.address), ...options.credential }),
    getNode: () => node,
    getWorkflow: () => ({ id: options.workflowId ?? 'workflow-1', name: 'Test', active: true }),
    getMode: () => options.mode ?? 'trigger',
    getNodeParameter: (name: string, fallback: unknown) => options.parameters?.[name] ?? fallback,
    emit,
    emitError: (error: Error) => void host.failures.push(error),
    saveFailedExecution: (error: Error) => void host.reported.push(error),
    logger: { debug: () => undefined, info: log, warn: log, error: log },
  } as unknown as ITriggerFunctions;
  const activate = () => new FusionCommerceTrigger().trigger.call(context);
  return host;
};

export const credentialFor = (address: string): IDataObject => ({
  brokers: address,
  clientId: 'test',
  ssl: false,
  saslMechanism: 'none',
});

const execute = async (workflow: Workflow, item: EventItem, key: string): Promise<IRun> => {
  const run = { mode: 'trigger', startedAt: new Date(), storedAt: 'db' } as const;
  try {
    return { ...run, status: await workflow(item, { key }), data: { resultData: { runData: {} } } } as IRun;
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    const data = { resultData: { runData: {}, error, lastNodeExecuted: 'Reserve stock' } };
    return { ...run, status: 'error', data } as unknown as IRun;
  }
};
