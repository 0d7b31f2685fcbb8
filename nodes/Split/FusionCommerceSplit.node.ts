import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { customerField, customerOf } from '../journey/person.ts';
import { routeItems } from '../journey/route-items.ts';
import { branchesOf, HOLD_OUT, outputsOf } from './branches.ts';
import { place } from './derived.ts';

export class FusionCommerceSplit implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Split',
    name: 'fusionCommerceSplit',
    icon: { light: 'file:split.svg', dark: 'file:split.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["split"] }}',
    description: 'Sends each customer into the same branch every time, by shares in percent, with a hold-out',
    defaults: { name: 'FusionCommerce Split' },
    inputs: [NodeConnectionTypes.Main],
    outputs: outputsOf,
    credentials: [{ name: 'fusionCommerceApi', required: true }],
    properties: [
      {
        displayName: 'Split Name',
        name: 'split',
        type: 'string',
        default: '',
        required: true,
        placeholder: 'e.g. coupon test autumn',
        description: 'Names the experiment. A customer keeps the branch of a split for ever; another name draws anew.',
      },
      {
        displayName: 'Branches',
        name: 'branches',
        type: 'fixedCollection',
        typeOptions: { multipleValues: true, sortable: true },
        placeholder: 'Add Branch',
        default: {
          branch: [
            { name: 'A', percent: 50 },
            { name: 'B', percent: 50 },
          ],
        },
        description: 'The outputs with their shares of the customers. All shares and the hold-out come to 100 percent.',
        options: [
          {
            displayName: 'Branch',
            name: 'branch',
            values: [
              {
                displayName: 'Name',
                name: 'name',
                type: 'string',
                default: '',
                required: true,
                placeholder: 'e.g. with coupon',
                description: 'Name of the branch and its output',
              },
              {
                displayName: 'Share in Percent',
                name: 'percent',
                type: 'number',
                typeOptions: { minValue: 0, maxValue: 100, numberPrecision: 0 },
                default: 50,
                description: 'How many of 100 customers get it',
              },
            ],
          },
        ],
      },
      {
        displayName: 'Hold-Out in Percent',
        name: 'holdOut',
        type: 'number',
        typeOptions: { minValue: 0, maxValue: 99, numberPrecision: 0 },
        default: 0,
        description:
          'How many of 100 customers get nothing of it, to compare with: they leave by the last output, Hold-Out',
      },
      customerField,
    ],
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const parameter = (name: string, index: number): unknown => this.getNodeParameter(name, index, null);
    const names = [...branchesOf((name) => parameter(name, 0)).map(({ name }) => name), HOLD_OUT];
    return routeItems(this, {
      outputs: names.length,
      place,
      question: (index) => ({
        names: { split: String(parameter('split', index)) },
        body: {
          subject: customerOf(this, index),
          branches: [
            ...branchesOf((name) => parameter(name, index)),
            { name: HOLD_OUT, percent: Number(parameter('holdOut', index) ?? 0) },
          ],
        },
      }),
      exit: ({ split: name, branch }) => ({
        output: names.findIndex((one) => one === branch),
        added: { split: { name, branch } },
      }),
    });
  }
}
