import { randomBytes } from 'node:crypto';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { Context } from '../context.ts';
import type { eventsContract } from '../contract.ts';
import { toldOf } from '../life.ts';
import { secretFrom } from '../policy/signature.ts';
import {
  insertSubscription,
  lockSubscription,
  saveSubscription,
  toSubscription,
  type SubscriptionRow,
} from '../store/subscriptions.ts';
import { checkTypes, checkUrl, noSuch, offsets } from './checks.ts';

type Parts = Handlers<typeof eventsContract>;

const newSecret = (): string => secretFrom(randomBytes(32));

export const createSubscription = (context: Context, changed: () => void): Pick<Parts, 'createSubscription'> => {
  const { platform } = context;
  return {
    createSubscription: async (input, { errors, commit }) => {
      await checkTypes(context, input.eventTypes, errors.EVENT_TYPE_NOT_FOUND);
      await checkUrl(context, input.url, errors.URL_NOT_ALLOWED);
      const place = input.startFrom === 'timestamp' ? new Date(input.startAt ?? 0) : input.startFrom;
      const startOffsets = await offsets(context, input.eventTypes, place, errors.KAFKA_UNAVAILABLE);
      const now = platform.now().toISOString();
      const row: SubscriptionRow = {
        id: newId('evs'),
        state: 'active',
        paused_because: null,
        url: input.url,
        event_types: input.eventTypes,
        filter: input.filter ?? null,
        start_from: input.startFrom,
        start_at: input.startAt ?? null,
        start_offsets: startOffsets,
        max_in_flight: input.maxInFlight,
        max_attempts: input.maxAttempts,
        deadline_seconds: input.deadlineSeconds,
        external_id: input.externalId ?? null,
        secret: newSecret(),
        previous_secret: null,
        previous_ends_at: null,
        version: 1,
        created_at: now,
        updated_at: now,
      };
      const answer = await commit(async (tx) => {
        await insertSubscription(tx, row);
        tx.append('event_subscription.created', row.id, toldOf(row));
        return { ...toSubscription(row), secret: row.secret };
      });
      changed();
      return answer;
    },
  };
};

export const updateSubscription = (context: Context, changed: () => void): Pick<Parts, 'updateSubscription'> => {
  const { platform } = context;
  return {
    updateSubscription: async ({ subscriptionId, ...input }, { errors, commit }) => {
      await checkTypes(context, input.eventTypes ?? [], errors.EVENT_TYPE_NOT_FOUND);
      if (input.url !== undefined) await checkUrl(context, input.url, errors.URL_NOT_ALLOWED);
      const latest = await offsets(context, input.eventTypes ?? [], 'latest', errors.KAFKA_UNAVAILABLE);
      const answer = await commit(async (tx) => {
        const row = await lockSubscription(tx, subscriptionId);
        if (!row) throw errors.SUBSCRIPTION_NOT_FOUND(noSuch(subscriptionId));
        const next: SubscriptionRow = {
          ...row,
          url: input.url ?? row.url,
          event_types: input.eventTypes ?? row.event_types,
          filter: input.filter === undefined ? row.filter : input.filter,
          // A topic that was subscribed before keeps its place.
          start_offsets: { ...latest, ...row.start_offsets },
          max_in_flight: input.maxInFlight ?? row.max_in_flight,
          max_attempts: input.maxAttempts ?? row.max_attempts,
          deadline_seconds: input.deadlineSeconds ?? row.deadline_seconds,
          external_id: input.externalId === undefined ? row.external_id : input.externalId,
          version: row.version + 1,
          updated_at: platform.now().toISOString(),
        };
        await saveSubscription(tx, next);
        tx.append('event_subscription.updated', row.id, toldOf(next));
        return toSubscription(next);
      });
      changed();
      return answer;
    },
  };
};

export const rotateSecret = ({ platform }: Context, changed: () => void): Pick<Parts, 'rotateSecret'> => ({
  rotateSecret: async ({ subscriptionId, overlapSeconds }, { errors, commit }) => {
    const secret = newSecret();
    const answer = await commit(async (tx) => {
      const row = await lockSubscription(tx, subscriptionId);
      if (!row) throw errors.SUBSCRIPTION_NOT_FOUND(noSuch(subscriptionId));
      const now = platform.now();
      const previousEndsAt = new Date(now.getTime() + overlapSeconds * 1_000).toISOString();
      const next: SubscriptionRow = {
        ...row,
        secret,
        previous_secret: row.secret,
        previous_ends_at: previousEndsAt,
        version: row.version + 1,
        updated_at: now.toISOString(),
      };
      await saveSubscription(tx, next);
      tx.append('event_subscription.updated', row.id, toldOf(next));
      return { id: row.id, secret, previousEndsAt };
    });
    changed();
    return answer;
  },
});
