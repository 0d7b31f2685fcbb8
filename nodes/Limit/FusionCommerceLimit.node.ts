import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { durationFields, secondsOf } from '../journey/duration.ts';
import { customerField, customerOf } from '../journey/person.ts';
import { stepName } from '../journey/request.ts';
import { routeItems } from '../journey/route-items.ts';
import { place } from './derived.ts';

export class FusionCommerceLimit implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Limit',
    name: 'fusionCommerceLimit',
    icon: { light: 'file:limit.svg', dark: 'file:limit.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["limit"] }}',
    description: 'Lets a customer through so many times in a period, counted over all journeys that share the limit',
    defaults: { name: 'FusionCommerce Limit' },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Allowed', 'Over the Limit'],
    credentials: [{ name: 'fusionCommerceApi', required: true }],
    properties: [
      {
        displayName: 'Limit Name',
        name: 'limit',
        type: 'string',
        default: '',
        required: true,
        placeholder: 'e.g. marketing mails',
        description:
          'Journeys that name the same limit share it. Give it a name of its own to count this journey alone.',
      },
      {
        displayName: 'At Most',
        name: 'most',
        type: 'number',
        typeOptions: { minValue: 1, maxValue: 1_000_000, numberPrecision: 0 },
        default: 1,
        description:
          'How many times each customer is let through in the period. An event counts once, however often its journey is run again.',
      },
      ...durationFields({
        name: 'period',
        label: 'In a Period Of',
        unitLabel: 'Unit of the Period',
        description: 'The time before each use in which earlier ones count',
      }),
      customerField,
    ],
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return routeItems(this, {
      outputs: 2,
      place,
      question: (index) => {
        const parameter = (name: string): unknown => this.getNodeParameter(name, index);
        return {
          names: { limit: String(parameter('limit')) },
          body: {
            subject: customerOf(this, index),
            useId: stepName(this, index),
            most: parameter('most') as number,
            periodSeconds: secondsOf(parameter, 'period'),
          },
        };
      },
      exit: ({ allowed, ...limit }) => ({ output: allowed === true ? 0 : 1, added: { limit } }),
    });
  }
}
