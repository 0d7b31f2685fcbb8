import {
  NodeConnectionTypes,
  NodeOperationError,
  type ICredentialsDecrypted,
  type ICredentialTestFunctions,
  type IExecuteFunctions,
  type INodeCredentialTestResult,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type IRun,
  type ITriggerFunctions,
  type ITriggerResponse,
} from 'n8n-workflow';
import { brokersOf, connectionOf, type KafkaCredential } from './connection.ts';
import { testConnection } from './credential-test.ts';
import { properties } from './description.ts';
import { buried, emitted, passOn } from './emitted.ts';
import { withoutCodes } from '../run/network-errors.ts';
import { explain } from './error-messages.ts';
import { searchFields } from './field-list.ts';
import { searchTestEvents } from './test-event-list.ts';
import type { Parameters } from './filter-form.ts';
import { startLive, triggerName, type Host } from './live.ts';
import { settingsOf } from './settings.ts';
import { testEvent } from './test-event.ts';

export class FusionCommerceTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Trigger',
    name: 'fusionCommerceTrigger',
    icon: { light: 'file:fusionCommerceTrigger.svg', dark: 'file:fusionCommerceTrigger.dark.svg' },
    group: ['trigger'],
    version: [1, 2],
    subtitle: '={{ [...$parameter["eventTypes"], $parameter["customEventTypes"]].filter(Boolean).join(", ") }}',
    description: 'Starts the workflow on commerce events from Kafka, and again until it has succeeded',
    defaults: { name: 'FusionCommerce Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'fusionCommerceKafka', required: true, testedBy: 'fusionCommerceKafkaTest' }],
    properties,
  };

  methods = {
    listSearch: { searchFields, searchTestEvents },
    credentialTest: {
      async fusionCommerceKafkaTest(
        this: ICredentialTestFunctions,
        tested: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        // n8n hands over what the credential's form holds.
        return testConnection((tested.data ?? {}) as unknown as KafkaCredential);
      },
    },
  };

  async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
    const { kafka, settings, inWords } = await prepared(this);
    const host = hostOf(this);
    if (this.getMode() === 'manual') {
      const emitTestEvent = async (): Promise<void> => this.emit([[await manualEvent(this)]]);
      return { manualTriggerFunction: emitTestEvent };
    }
    const fail = (error: unknown): void => this.emitError(inWords(error));
    const live = await startLive(kafka, settings, { ...host, fail }).catch((error: unknown) => {
      throw inWords(error);
    });
    return { closeFunction: live.close };
  }

  /** n8n runs this with what the trigger emitted. In a manual run nothing was emitted yet: it gets the test event. */
  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    if (this.getMode() !== 'manual') return passOn(this);
    return [[await manualEvent(this)]];
  }
}

type Context = ITriggerFunctions | IExecuteFunctions;

/** The connection and the settings of the form, and how errors of Kafka are said. */
const prepared = async (context: Context) => {
  const credential = await context.getCredentials<KafkaCredential>('fusionCommerceKafka');
  const group = triggerName({ workflowId: String(context.getWorkflow().id), nodeId: context.getNode().id });
  const inWords = (error: unknown): NodeOperationError =>
    new NodeOperationError(
      context.getNode(),
      withoutCodes(explain(error, { brokers: brokersOf(credential), username: credential.username, group })),
    );
  const kafka = connectionOf(credential, {
    warn: (fields, message) => context.logger.debug(message, { ...fields }),
    error: (fields, message) => context.logger.debug(message, { ...fields }),
  });
  return { kafka, settings: settingsOf(parametersOf(context)), inWords };
};

/** The parameters of the form; of a node that runs, for its first item. */
const parametersOf =
  (context: Context): Parameters =>
  (name, fallback) =>
    'emit' in context ? context.getNodeParameter(name, fallback) : context.getNodeParameter(name, 0, fallback);

/** The latest event that the trigger would take, or a sample. */
const manualEvent = async (context: Context): Promise<INodeExecutionData> => {
  const { kafka, settings, inWords } = await prepared(context);
  const item = await testEvent(kafka, settings).catch((error: unknown) => {
    throw inWords(error);
  });
  return emitted(String(context.getWorkflow().id), item);
};

const hostOf = (context: ITriggerFunctions): Omit<Host, 'fail'> => {
  const node = context.getNode();
  const workflowId = String(context.getWorkflow().id);
  return {
    workflowId,
    workflowName: context.getWorkflow().name ?? workflowId,
    nodeId: node.id,
    nodeName: node.name,
    emit: (item, done, deduplicationKey) => {
      const donePromise = { ...done, promise: done.promise as Promise<IRun> };
      context.emit([[emitted(workflowId, item)]], undefined, donePromise, deduplicationKey);
    },
    bury: (item, deadLetter) => context.emit([[buried(workflowId, item, deadLetter)]]),
    report: (message, description) =>
      context.saveFailedExecution(new NodeOperationError(node, withoutCodes(message), { description })),
    log: (level, message, fields) => context.logger[level](message, { ...fields }),
  };
};
