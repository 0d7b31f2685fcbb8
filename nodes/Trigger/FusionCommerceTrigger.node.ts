import {
  NodeConnectionTypes,
  NodeOperationError,
  type ICredentialsDecrypted,
  type ICredentialTestFunctions,
  type IDataObject,
  type INodeCredentialTestResult,
  type INodeType,
  type INodeTypeDescription,
  type IRun,
  type ITriggerFunctions,
  type ITriggerResponse,
} from 'n8n-workflow';
import { brokersOf, connectionOf, type KafkaCredential } from './connection.ts';
import { testConnection } from './credential-test.ts';
import { properties } from './description.ts';
import { withoutCodes } from '../run/network-errors.ts';
import { explain } from './error-messages.ts';
import { startLive, triggerName, type Host } from './live.ts';
import { settingsOf } from './settings.ts';
import { testEvent } from './test-event.ts';

export class FusionCommerceTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Trigger',
    name: 'fusionCommerceTrigger',
    icon: { light: 'file:fusionCommerceTrigger.svg', dark: 'file:fusionCommerceTrigger.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ [...$parameter["eventTypes"], $parameter["customEventTypes"]].filter(Boolean).join(", ") }}',
    description: 'Starts the workflow on commerce events from Kafka, each exactly once in effect',
    defaults: { name: 'FusionCommerce Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'fusionCommerceKafka', required: true, testedBy: 'fusionCommerceKafkaTest' }],
    properties,
  };

  methods = {
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
    const credential = await this.getCredentials<KafkaCredential>('fusionCommerceKafka');
    const host = hostOf(this);
    const inWords = (error: unknown): NodeOperationError =>
      new NodeOperationError(
        this.getNode(),
        withoutCodes(
          explain(error, { brokers: brokersOf(credential), username: credential.username, group: triggerName(host) }),
        ),
      );
    const kafka = connectionOf(credential, {
      warn: (fields, message) => this.logger.debug(message, { ...fields }),
      error: (fields, message) => this.logger.debug(message, { ...fields }),
    });
    const settings = settingsOf((name, fallback) => this.getNodeParameter(name, fallback));
    if (this.getMode() === 'manual') {
      const emitTestEvent = async (): Promise<void> => {
        const item = await testEvent(kafka, settings).catch((error: unknown) => {
          throw inWords(error);
        });
        this.emit([[{ json: { ...item } as IDataObject }]]);
      };
      return { manualTriggerFunction: emitTestEvent };
    }
    const fail = (error: unknown): void => this.emitError(inWords(error));
    const live = await startLive(kafka, settings, { ...host, fail }).catch((error: unknown) => {
      throw inWords(error);
    });
    return { closeFunction: live.close };
  }
}

const hostOf = (context: ITriggerFunctions): Omit<Host, 'fail'> => {
  const node = context.getNode();
  return {
    workflowId: String(context.getWorkflow().id),
    nodeId: node.id,
    nodeName: node.name,
    emit: (item, done, deduplicationKey) => {
      const donePromise = { ...done, promise: done.promise as Promise<IRun> };
      context.emit([[{ json: { ...item } as IDataObject }]], undefined, donePromise, deduplicationKey);
    },
    report: (message, description) =>
      context.saveFailedExecution(new NodeOperationError(node, withoutCodes(message), { description })),
    log: (level, message, fields) => context.logger[level](message, { ...fields }),
  };
};
