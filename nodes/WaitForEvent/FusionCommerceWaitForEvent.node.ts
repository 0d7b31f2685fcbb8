import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type IWebhookFunctions,
  type IWebhookResponseData,
} from 'n8n-workflow';
import { searchFields } from '../Trigger/field-list.ts';
import { properties } from './description.ts';
import { executeWait } from './execute.ts';
import { receiveOutcome } from './resume.ts';

export class FusionCommerceWaitForEvent implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Wait for Event',
    name: 'fusionCommerceWaitForEvent',
    icon: { light: 'file:waitForEvent.svg', dark: 'file:waitForEvent.dark.svg' },
    group: ['organization'],
    version: [1, 2],
    subtitle: '={{ [...$parameter["eventTypes"], $parameter["customEventTypes"]].filter(Boolean).join(", ") }}',
    description: 'Parks the journey until an event of the same order or customer comes, or the time is up',
    defaults: { name: 'FusionCommerce Wait for Event' },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Came', 'Timed Out'],
    credentials: [{ name: 'fusionCommerceApi', required: true }],
    webhooks: [
      {
        name: 'default',
        httpMethod: 'POST',
        // Answered when the execution has ended or is parked again, so that the platform knows that it ran.
        responseMode: 'lastNode',
        responseData: 'noData',
        path: '',
        restartWebhook: true,
      },
    ],
    properties,
  };

  methods = { listSearch: { searchFields } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeWait(this);
  }

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return receiveOutcome(this);
  }
}
