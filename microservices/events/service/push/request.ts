import type { ReceivedEvent } from '../../contract/values.ts';
import { signatureOf } from '../../policy/signature.ts';
import type { SubscriptionRow } from '../../store/subscriptions.ts';
import type { Post } from './send.ts';

/** The secrets that sign now: the present one, and the previous one until it ends. */
const secretsOf = (row: SubscriptionRow, now: Date): string[] =>
  row.previousSecret !== null && row.previousEndsAt !== null && new Date(row.previousEndsAt) > now
    ? [row.secret, row.previousSecret]
    : [row.secret];

/**
 * The request that delivers an event: the event in CloudEvents' JSON format, signed by Standard Webhooks. Its media
 * type is plain JSON, because n8n and many others parse nothing else.
 */
export const deliveryRequest = (
  row: SubscriptionRow,
  event: ReceivedEvent,
  now: Date,
  extra: Record<string, string> = {},
): Omit<Post, 'signal'> => {
  const body = JSON.stringify({ specversion: '1.0', datacontenttype: 'application/json', ...event });
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return {
    url: row.url,
    deadlineMs: row.deadlineSeconds * 1_000,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'FusionCommerce-Events/1',
      'webhook-id': event.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatureOf(secretsOf(row, now), { id: event.id, timestamp, body }),
      'x-correlation-id': headerSafe(event.correlationid),
      ...(event.traceparent ? { traceparent: headerSafe(event.traceparent) } : {}),
      ...extra,
    },
  };
};

/** Text from an event must not break a header. */
const headerSafe = (value: string): string => value.replace(/[^\x20-\x7e]/g, '').slice(0, 500);
