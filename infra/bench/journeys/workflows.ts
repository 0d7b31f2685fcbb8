import { randomUUID } from 'node:crypto';
import type { WorkflowFile, WorkflowNode } from '../../n8n/journeys.ts';

type Credentials = NonNullable<WorkflowNode['credentials']>;

/** A row of nodes, each behind the one before. */
const inARow = (id: string, name: string, row: Omit<WorkflowNode, 'id' | 'position'>[]): WorkflowFile => ({
  id,
  name,
  active: false,
  settings: { executionOrder: 'v1' },
  nodes: row.map((node, index) => ({ ...node, id: randomUUID(), position: [index * 220, 0] })),
  connections: Object.fromEntries(
    row
      .slice(0, -1)
      .map((node, index) => [node.name, { main: [[{ node: row[index + 1]?.name ?? '', type: 'main', index: 0 }]] }]),
  ),
});

/** The least that an event can start: our trigger and a node that does nothing. */
export const emptyJourney = (kafka: Credentials): WorkflowFile =>
  inARow('bench-empty', 'Bench: empty', [
    {
      name: 'Order Created',
      type: 'n8n-nodes-fusioncommerce.fusionCommerceTrigger',
      typeVersion: 1,
      parameters: { eventTypes: ['order.created'] },
      credentials: kafka,
    },
    { name: 'Nothing', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
  ]);

/**
 * The happy way of an order as one draws it with what n8n brings: its Kafka Trigger, a filter, and HTTP requests with
 * hand-made idempotency keys. What it lacks beside ours: no dead letters, no order per key across retries, no
 * compensation.
 */
export const ownJourney = (kafka: Credentials, header: Credentials, url: string): WorkflowFile => {
  const request = (name: string, method: string, path: string, body: string) => ({
    name,
    type: 'n8n-nodes-base.httpRequest',
    typeVersion: 4.2,
    credentials: header,
    parameters: {
      method,
      url: `=${url}${path}`,
      authentication: 'genericCredentialType',
      genericAuthType: 'httpHeaderAuth',
      sendHeaders: true,
      headerParameters: {
        parameters: [
          { name: 'Idempotency-Key', value: `={{ $('Kafka').item.json.headers.ce_id }}-${name.replaceAll(' ', '-')}` },
        ],
      },
      sendBody: true,
      specifyBody: 'json',
      jsonBody: `={{ JSON.stringify(${body}) }}`,
      options: {},
    },
  });
  const order = `{{ $('Kafka').item.json.message.orderId }}`;
  const approved = `$('Approve').item.json`;
  return inARow('bench-own', "Bench: n8n's own nodes", [
    {
      name: 'Kafka',
      type: 'n8n-nodes-base.kafkaTrigger',
      typeVersion: 1.3,
      credentials: kafka,
      parameters: {
        topic: 'commerce.orders',
        groupId: 'bench-own',
        options: {
          jsonParseMessage: true,
          returnHeaders: true,
          fromBeginning: false,
          partitionsConsumedConcurrently: 6,
        },
      },
    },
    {
      name: 'Is It New?',
      type: 'n8n-nodes-base.filter',
      typeVersion: 2.2,
      parameters: {
        conditions: {
          options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
          combinator: 'and',
          conditions: [
            {
              id: 'created',
              leftValue: '={{ $json.headers.ce_type }}',
              rightValue: 'order.created',
              operator: { type: 'string', operation: 'equals' },
            },
          ],
        },
        options: {},
      },
    },
    request('Score', 'POST', '/v1/fraud/scores', `{ orderId: $json.message.orderId, order: $json.message }`),
    request('Approve', 'POST', `/v1/orders/${order}/approve`, '{}'),
    request(
      'Reserve',
      'POST',
      '/v1/inventory/reservations',
      `{ ownerId: ${approved}.id, lines: ${approved}.lines.map(({ sku, quantity }) => ({ sku, quantity })) }`,
    ),
    request(
      'Hold',
      'POST',
      '/v1/wallet/holds',
      `{ ownerId: ${approved}.customerId, amount: ${approved}.totals.grandTotal, reference: ${approved}.id }`,
    ),
    request(
      'Confirm',
      'POST',
      `/v1/orders/${order}/confirm`,
      `{ reservationId: $('Reserve').item.json.id, holdId: $('Hold').item.json.id }`,
    ),
    request('Capture', 'POST', `/v1/wallet/holds/{{ $('Hold').item.json.id }}/capture`, '{}'),
    request(
      'Tell',
      'POST',
      '/v1/notifications',
      `{ customerId: ${approved}.customerId, template: 'order-confirmation', data: { order: { number: ${approved}.number, total: ${approved}.totals.grandTotal, lines: ${approved}.lines.map(({ title, quantity }) => ({ title, quantity })) } } }`,
    ),
  ]);
};
