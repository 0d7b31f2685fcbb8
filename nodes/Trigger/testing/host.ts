import type { IDataObject, INode, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import type { DeadLetter } from '../emitted.ts';
import type { EventItem } from '../event-item.ts';
import { FusionCommerceTrigger } from '../FusionCommerceTrigger.node.ts';
import type { Done } from '../journey.ts';
import { createExecutions, type Executions, type Workflow } from './executions.ts';

export interface HostOptions {
  address: string;
  workflow: Workflow;
  workflowId?: string;
  parameters?: IDataObject;
  credential?: IDataObject;
  mode?: 'trigger' | 'manual';
  executionKeys?: Set<string>;
}

export interface TestHost {
  activate: () => Promise<ITriggerResponse>;
  executions: Executions['started'];
  /** Items that were emitted without a promise, as in a manual test. */
  emitted: EventItem[];
  /** Events with which an execution fails, and why. */
  buried: { item: EventItem; message: string; description: string }[];
  /** Errors shown to the operator as failed executions without an event. */
  reported: Error[];
  /** Errors with which the trigger asked to be activated anew. */
  failures: Error[];
  logged: string[];
}

/** The trigger node with as much of n8n as it meets. */
export const createHost = (options: HostOptions): TestHost => {
  const executions = createExecutions(options.workflow, options.executionKeys);
  const host: Omit<TestHost, 'activate'> = {
    executions: executions.started,
    emitted: [],
    buried: [],
    reported: [],
    failures: [],
    logged: [],
  };
  const node: INode = {
    id: 'node-1',
    name: 'When an event happens',
    type: 'n8n-nodes-fusioncommerce.fusionCommerceTrigger',
    typeVersion: 1,
    position: [0, 0],
    parameters: {},
  };
  const log = (message: string) => void host.logged.push(message);
  const emit: ITriggerFunctions['emit'] = (data, _response, done, key) => {
    // The items are what the trigger emitted.
    const item = data[0]?.[0]?.json as unknown as EventItem;
    const { deadLetter, ...event } = item as EventItem & { deadLetter?: DeadLetter };
    if (deadLetter) host.buried.push({ item: event, ...deadLetter });
    else if (done && key !== undefined) executions.start(item, done as unknown as Done, key);
    else host.emitted.push(item);
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
  return { ...host, activate: () => new FusionCommerceTrigger().trigger.call(context) };
};

const credentialFor = (address: string): IDataObject => ({
  brokers: address,
  clientId: 'test',
  ssl: false,
  saslMechanism: 'none',
});
