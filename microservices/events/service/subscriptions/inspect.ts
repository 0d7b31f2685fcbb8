import { oneText, readCursor, toPage } from '../../../chassis/cursor.ts';
import type { Context, Handlers } from '../../context.ts';
import { findType, groupOf, sampleOf, topicsOf } from '../../policy/event-types.ts';
import { listDeliveries } from '../../store/deliveries.ts';
import type { SubscriptionRow } from '../../store/subscriptions.ts';
import { checkTypes, found } from './checks.ts';
import { deliveryRequest } from '../push/request.ts';
import { openSender } from '../push/send.ts';

/** A test of a subscription now, and its recent failures. */
export const inspectHandlers = (context: Context): Pick<Handlers, 'testSubscription' | 'listDeliveries'> => ({
  testSubscription: async ({ subscriptionId, type }, { errors }) => {
    const row = await found(context, subscriptionId, errors);
    const wanted = type ?? row.eventTypes[0] ?? '';
    await checkTypes(context, [wanted], errors);
    return sendSample(context, row, wanted);
  },

  listDeliveries: async ({ subscriptionId, cursor, state, limit }, { errors }) => {
    const row = await found(context, subscriptionId, errors);
    const { contracts, database, streams } = context;
    const [rows, lag] = await Promise.all([
      listDeliveries(database, { subscriptionId, state, limit, before: readCursor(cursor, oneText)?.[0] }),
      streams.lag(groupOf(row.id), topicsOf(contracts, row.eventTypes), row.startOffsets).catch(() => null),
    ]);
    const page = toPage(
      rows,
      limit,
      ({ id }) => [id],
      ({ id: _id, ...delivery }) => delivery,
    );
    return { ...page, lag };
  },
});

const sendSample = async ({ contracts, settings, now }: Context, row: SubscriptionRow, type: string) => {
  const known = findType(contracts, type);
  if (!known) throw new Error(`There is no event type ${type}`);
  const event = sampleOf(known, now());
  const sender = openSender(settings.allowPrivate, 1);
  const started = performance.now();
  try {
    const result = await sender.post({
      ...deliveryRequest(row, event, now(), { 'webhook-test': 'true' }),
      signal: new AbortController().signal,
    });
    const status = result.kind === 'responded' ? result.status : null;
    return {
      delivered: status !== null && status >= 200 && status < 300,
      status,
      detail: result.kind === 'responded' ? `The receiver responded with ${result.status}.` : result.detail,
      milliseconds: Math.round(performance.now() - started),
      event: { id: event.id, type },
    };
  } finally {
    sender.close();
  }
};
