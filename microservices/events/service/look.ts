import { oneText, readCursor, toPage } from '../../chassis/cursor.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { findType, sampleOf } from '../catalogue.ts';
import { groupOf, type Context } from '../context.ts';
import type { eventsContract } from '../contract.ts';
import { deliveryRequest } from '../push/request.ts';
import { topicsOf } from '../push/runner.ts';
import { openSender } from '../push/send.ts';
import { listDeliveries } from '../store/deliveries.ts';
import type { SubscriptionRow } from '../store/subscriptions.ts';
import { checkTypes, found } from './checks.ts';

type Parts = Pick<Handlers<typeof eventsContract>, 'testSubscription' | 'listDeliveries'>;

/** How a subscription does: a test now, and what went wrong lately. */
export const lookHandlers = (context: Context): Parts => {
  const { platform } = context;
  return {
    testSubscription: async ({ subscriptionId, type }, { errors }) => {
      const row = await found(context, subscriptionId, errors.SUBSCRIPTION_NOT_FOUND);
      const wanted = type ?? row.event_types[0] ?? '';
      await checkTypes(context, [wanted], errors.EVENT_TYPE_NOT_FOUND);
      return sendSample(context, row, wanted);
    },

    listDeliveries: async ({ subscriptionId, cursor, state, limit }, { errors }) => {
      const row = await found(context, subscriptionId, errors.SUBSCRIPTION_NOT_FOUND);
      const [rows, lag] = await Promise.all([
        listDeliveries(platform.database, { subscriptionId, state, limit, before: readCursor(cursor, oneText)?.[0] }),
        platform.streams.lag(groupOf(row.id), topicsOf(context, row.event_types), row.start_offsets).catch(() => null),
      ]);
      return {
        ...toPage(
          rows,
          limit,
          ({ rowId }) => [rowId],
          ({ rowId: _rowId, ...item }) => item,
        ),
        lag,
      };
    },
  };
};

const sendSample = async ({ platform, settings }: Context, row: SubscriptionRow, type: string) => {
  const known = findType(platform.catalogue, type);
  if (!known) throw new Error(`There is no event type ${type}`);
  const now = platform.now();
  const event = sampleOf(known, now);
  const sender = openSender(settings.allowPrivate, 1);
  const started = performance.now();
  try {
    const answer = await sender.post({
      ...deliveryRequest(row, event, now, { 'webhook-test': 'true' }),
      signal: new AbortController().signal,
    });
    const status = answer.kind === 'answered' ? answer.status : null;
    return {
      delivered: status !== null && status >= 200 && status < 300,
      status,
      detail: answer.kind === 'answered' ? `The receiver answered ${answer.status}.` : answer.detail,
      milliseconds: Math.round(performance.now() - started),
      event: { id: event.id, type },
    };
  } finally {
    sender.close();
  }
};
