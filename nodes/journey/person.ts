import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { causeOf, type EventItem } from '../run/cause.ts';

/** The field in which an analyst may name the customer, where the journey's event does not. */
export const customerField: INodeProperties = {
  displayName: 'Customer ID',
  name: 'customerId',
  type: 'string',
  default: '',
  placeholder: 'e.g. {{ $json.customerId }}',
  description:
    'Whom it counts for. Leave it empty to take the customer of the event that started the journey; of a guest, who has no ID, the order or cart counts.',
};

const dataOf = (event: EventItem | undefined): IDataObject =>
  typeof event?.data === 'object' && event.data !== null ? (event.data as IDataObject) : {};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/**
 * The customer that a step counts for: the one of the form, of the journey's event, or the subject of the event for a
 * guest.
 */
export const customerOf = (context: IExecuteFunctions, item: number): string => {
  const own = textOf(context.getNodeParameter('customerId', item, ''));
  const { event } = causeOf(context, item);
  const found = own ?? textOf(dataOf(event)['customerId']) ?? textOf(event?.subject);
  if (found !== undefined) return found;
  throw new NodeOperationError(
    context.getNode(),
    'No customer is known: the journey did not start from a FusionCommerce event. Name the customer under Customer ID.',
    { itemIndex: item },
  );
};

/** The ID of this kind that an event is about: its subject, or the field of its data. */
export const idIn = (event: EventItem | undefined, kind: 'order' | 'customer'): string | undefined => {
  const prefix = kind === 'order' ? 'ord_' : 'cus_';
  const subject = textOf(event?.subject);
  const named = textOf(dataOf(event)[`${kind}Id`]);
  return named ?? (subject?.startsWith(prefix) ? subject : undefined);
};
