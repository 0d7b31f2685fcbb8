import {
  NodeConnectionTypes,
  type IHookFunctions,
  type INodeType,
  type INodeTypeDescription,
  type IWebhookFunctions,
  type IWebhookResponseData,
} from 'n8n-workflow';
import { emitted } from '../Trigger/emitted.ts';
import { isTooOld, type EventItem } from '../Trigger/event-item.ts';
import { maxAgeOf } from '../Trigger/settings.ts';
import { properties } from './description.ts';
import { searchFields } from '../Trigger/field-list.ts';
import { judge, type Verdict } from './signature.ts';
import { continueSubscription, createSubscription, endSubscription, keptFor } from './subscription.ts';

export class FusionCommerceGatewayTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Gateway Trigger',
    name: 'fusionCommerceGatewayTrigger',
    icon: { light: 'file:gatewayTrigger.svg', dark: 'file:gatewayTrigger.dark.svg' },
    group: ['trigger'],
    version: [1, 2],
    subtitle: '={{ [...$parameter["eventTypes"], $parameter["customEventTypes"]].filter(Boolean).join(", ") }}',
    description: 'Starts the workflow on commerce events that the platform sends by signed HTTP, no Kafka needed',
    defaults: { name: 'FusionCommerce Gateway Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'fusionCommerceApi', required: true }],
    webhooks: [
      {
        name: 'default',
        httpMethod: 'POST',
        // Answered when the execution has ended or is parked: 200 acknowledges, 500 has the event sent again.
        responseMode: 'lastNode',
        responseData: 'noData',
        path: 'fusioncommerce',
      },
    ],
    properties,
  };

  methods = { listSearch: { searchFields } };

  webhookMethods = {
    default: {
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return continueSubscription(this, keptFor(this));
      },
      async create(this: IHookFunctions): Promise<boolean> {
        await createSubscription(this, keptFor(this));
        return true;
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        await endSubscription(this, keptFor(this));
        return true;
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const { headers, rawBody } = this.getRequestObject();
    const header = (name: string): string => String(headers[name] ?? '');
    const body = Buffer.from(rawBody ?? '');
    const { secret = '' } = keptFor(this);
    const signed = {
      id: header('webhook-id'),
      timestamp: header('webhook-timestamp'),
      signature: header('webhook-signature'),
      body,
    };
    const verdict = judge(secret, signed, Date.now());
    if (verdict !== 'genuine') {
      this.getResponseObject().status(401).json({ code: verdict.toUpperCase(), message: REFUSED[verdict] });
      return { noWebhookResponse: true };
    }
    // Signed by the platform, so it is the event that it says it is.
    const { specversion: _version, datacontenttype: _type, ...event } = JSON.parse(body.toString()) as unknown as Sent;
    const maxAgeMs = maxAgeOf(this.getNodeParameter('options', {}) as { maxAge?: number });
    const isReplay = header('webhook-replay') === 'true';
    if (!isReplay && isTooOld(maxAgeMs, event, Date.now()))
      return { webhookResponse: { skipped: 'older than the trigger takes' } };
    return { workflowData: [[emitted(String(this.getWorkflow().id), event)]] };
  }
}

/** The body of a delivery. */
interface Sent extends EventItem {
  specversion: string;
  datacontenttype: string;
}

const REFUSED: Record<Exclude<Verdict, 'genuine'>, string> = {
  forged: 'Invalid signature: the platform that this trigger is subscribed to did not send this.',
  stale: 'The delivery is more than five minutes old or from the future. Check the clocks of both machines.',
};
