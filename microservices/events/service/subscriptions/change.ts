import { randomBytes } from 'node:crypto';
import { command } from '../../../chassis/http/command.ts';
import { newId } from '../../../chassis/ids.ts';
import type { InputOf } from '../../../chassis/contract/index.ts';
import type { StartOffsets } from '../../../chassis/kafka/consume/options.ts';
import { requireVersion } from '../../../chassis/require-version.ts';
import { withChanges } from '../../../chassis/with-changes.ts';
import type { Context, Failures, Handlers, Tx } from '../../context.ts';
import type { eventsContract } from '../../contract.ts';
import { secretFrom } from '../../policy/signature.ts';
import {
  countSubscriptions,
  insertSubscription,
  saveSubscription,
  toSubscription,
  type SubscriptionRow,
} from '../../store/subscriptions.ts';
import { checkTypes, checkUrl, locked, offsets } from './checks.ts';
import { aboutSubscription } from './moves.ts';

const newSecret = (): string => secretFrom(randomBytes(32));

export const createSubscription = (context: Context, changed: () => void): Handlers['createSubscription'] =>
  command({
    prepare: async ({ url, eventTypes, startFrom, startAt }, { errors }): Promise<StartOffsets> => {
      await checkTypes(context, eventTypes, errors);
      await checkUrl(context, url, errors);
      return offsets(context, eventTypes, startFrom === 'timestamp' ? new Date(startAt ?? 0) : startFrom, errors);
    },
    commit: async (tx, input, { errors }, startOffsets) => {
      await requireRoom(tx, context, errors);
      const row = newSubscription(input, startOffsets, context.now().toISOString());
      await insertSubscription(tx, row);
      tx.append('event_subscription.created', row.id, aboutSubscription(row));
      return { ...toSubscription(row), secret: row.secret };
    },
    after: changed,
  });

/** Each subscription costs memory and a consumer in every process: too many would take the others down with them. */
const requireRoom = async (tx: Tx, { settings }: Context, errors: Failures<'createSubscription'>): Promise<void> => {
  const { most } = settings;
  if ((await countSubscriptions(tx)) < most) return;
  throw errors.TOO_MANY_SUBSCRIPTIONS(
    `There are ${most} subscriptions, as many as this shop may have. Delete one that is not used any more, or raise PUSH_SUBSCRIPTIONS.`,
    { limit: most },
  );
};

const newSubscription = (
  input: InputOf<typeof eventsContract, 'createSubscription'>,
  startOffsets: StartOffsets,
  now: string,
): SubscriptionRow => ({
  ...input,
  id: newId('evs'),
  state: 'active',
  pausedBecause: null,
  filter: input.filter ?? null,
  startAt: input.startAt ?? null,
  startOffsets,
  externalId: input.externalId ?? null,
  endsAt: input.endsAt ?? null,
  deleteWhenPausedDays: input.deleteWhenPausedDays ?? null,
  secret: newSecret(),
  previousSecret: null,
  previousEndsAt: null,
  version: 1,
  createdAt: now,
  updatedAt: now,
});

export const updateSubscription = (context: Context, changed: () => void): Handlers['updateSubscription'] =>
  command({
    prepare: async ({ url, eventTypes = [] }, { errors }): Promise<StartOffsets> => {
      await checkTypes(context, eventTypes, errors);
      if (url !== undefined) await checkUrl(context, url, errors);
      return offsets(context, eventTypes, 'latest', errors);
    },
    commit: async (tx, { subscriptionId, expectedVersion, ...changes }, { errors }, latest) => {
      const row = await locked(tx, subscriptionId, errors);
      requireVersion({ name: 'The subscription', version: row.version }, expectedVersion, errors.VERSION_CONFLICT);
      // A topic that was subscribed before keeps its position.
      const startOffsets = { ...latest, ...row.startOffsets };
      return toSubscription(await saveChanged(tx, { ...withChanges(row, changes), startOffsets }, context.now()));
    },
    after: changed,
  });

export const rotateSecret = ({ now }: Context, changed: () => void): Handlers['rotateSecret'] =>
  command({
    commit: async (tx, { subscriptionId, overlapSeconds }, { errors }) => {
      const row = await locked(tx, subscriptionId, errors);
      const at = now();
      const previousEndsAt = new Date(at.getTime() + overlapSeconds * 1_000).toISOString();
      const secret = newSecret();
      await saveChanged(tx, { ...row, secret, previousSecret: row.secret, previousEndsAt }, at);
      return { id: row.id, secret, previousEndsAt };
    },
    after: changed,
  });

/** Saves a change that running deliveries must take over, with its event. */
const saveChanged = async (tx: Tx, changed: SubscriptionRow, now: Date): Promise<SubscriptionRow> => {
  const next = { ...changed, version: changed.version + 1, updatedAt: now.toISOString() };
  await saveSubscription(tx, next);
  tx.append('event_subscription.updated', next.id, aboutSubscription(next));
  return next;
};
