import { oneText, readCursor, toPage } from '../../../chassis/cursor.ts';
import { command, remember } from '../../../chassis/http/command.ts';
import type { InputOf } from '../../../chassis/contract/index.ts';
import { newId } from '../../../chassis/ids.ts';
import type { Context, Failures, Handlers, Tx } from '../../context.ts';
import type { eventsContract } from '../../contract.ts';
import { topicsOf } from '../../policy/event-types.ts';
import { isWanted } from '../../policy/waits.ts';
import {
  findWait,
  listWaits,
  lockWait,
  markAnswered,
  putWait,
  settleArrived,
  settleGivenUp,
  toWait,
  type WaitRow,
} from '../../store/waits.ts';
import { keepEvents, keptEvents, markKept, notKeptSince, watch } from '../../store/watched.ts';
import { checkTypes, checkUrl } from '../subscriptions/checks.ts';
import { toReceivedEvents } from '../following/received.ts';

type Input = InputOf<typeof eventsContract, 'createWait'>;

/** Reading a topic back takes this long at most. */
const READ_BACK_MS = 20_000;
const DAY_MS = 86_400_000;

export const waitHandlers = (
  context: Context,
): Pick<Handlers, 'createWait' | 'getWait' | 'listWaits' | 'giveUpWait'> => ({
  createWait: command({
    prepare: async (input, { errors }) => {
      await checkTypes(context, input.eventTypes, errors);
      await checkUrl(context, input.resumeUrl, errors);
      await keepEarlier(context, input, errors);
    },
    commit: async (tx, input) => {
      const now = context.now();
      // Before anything is read: events of these types are taken before this transaction, or after it.
      await watch(tx, input.eventTypes, now);
      const row = await putWait(tx, rowOf(input, now));
      const settled = row.state === 'waiting' ? await settleFromBefore(tx, row, input, now) : row;
      if (settled.outcome !== null) await markAnswered(tx, settled.id);
      return toWait(settled.state === 'settled' ? { ...settled, state: 'resumed' } : settled);
    },
  }),

  getWait: async ({ waitId }, { errors }) => {
    const row = await findWait(context.database, waitId);
    if (row) return toWait(row);
    throw errors.WAIT_NOT_FOUND(noWait(waitId));
  },

  giveUpWait: command(async (tx, { waitId }, { errors }) => {
    const row = await lockWait(tx, waitId);
    if (!row) return remember(errors.WAIT_NOT_FOUND(noWait(waitId)));
    if (row.state === 'waiting') return toWait(await settleGivenUp(tx, waitId, context.now()));
    if (row.outcome === 'timed_out') return toWait(row);
    const detail = `The journey ${waitId} waits no longer: its event came. Look for the execution ${row.executionId} in n8n.`;
    return remember(errors.WAIT_OVER(detail, { state: row.state }));
  }),

  listWaits: async ({ cursor, ...wanted }) => {
    const rows = await listWaits(context.database, { ...wanted, before: readCursor(cursor, oneText)?.[0] });
    return toPage(rows, wanted.limit, ({ id }) => [id], toWait);
  },
});

const noWait = (waitId: string): string =>
  `There is no waiting journey ${waitId}. It may have ended more than 30 days ago.`;

const rowOf = (input: Input, now: Date): WaitRow => ({
  id: newId('wai'),
  step: input.step,
  state: 'waiting',
  outcome: null,
  eventTypes: input.eventTypes,
  value: input.value,
  field: input.field ?? null,
  filter: input.filter ?? null,
  since: input.since ?? now.toISOString(),
  notEventId: input.notEventId ?? null,
  event: null,
  deadline: new Date(now.getTime() + input.timeoutSeconds * 1_000).toISOString(),
  workflowId: input.workflowId,
  executionId: input.executionId,
  node: input.node ?? null,
  resumeUrl: input.resumeUrl,
  secret: input.secret,
  attempts: 0,
  refusals: 0,
  note: null,
  createdAt: now.toISOString(),
  settledAt: null,
});

/** Settles a wait by an event that came since the moment that its journey names. */
const settleFromBefore = async (tx: Tx, row: WaitRow, { since }: Input, now: Date): Promise<WaitRow> => {
  if (since === undefined) return row;
  const kept = await keptEvents(tx, { value: row.value, types: row.eventTypes, since });
  const found = kept.find((event) => isWanted(row, event));
  if (!found) return row;
  const event = JSON.stringify(found);
  await settleArrived(tx, [{ id: row.id, event }], now);
  return { ...row, state: 'settled', outcome: 'came', event, settledAt: now.toISOString() };
};

/**
 * A wait that counts earlier events needs them kept. Where they are not, they are read back from Kafka: first the type
 * is watched, so that whoever takes events from now on keeps them, then all of before is read; none falls in between.
 */
const keepEarlier = async (context: Context, input: Input, errors: Failures<'createWait'>): Promise<void> => {
  if (input.since === undefined) return;
  const { contracts, database, streams, settings, log, now } = context;
  const oldest = now().getTime() - settings.waitHistoryDays * DAY_MS;
  const since = new Date(Math.max(oldest, Date.parse(input.since)));
  const missing = await notKeptSince(database, input.eventTypes, since);
  if (missing.length === 0) return;
  await watch(database, missing, now());
  const read = await streams.readSince(topicsOf(contracts, missing), since, READ_BACK_MS).catch((err: unknown) => {
    log.warn({ err }, 'events of before a wait could not be read back');
    return undefined;
  });
  if (!read?.complete)
    throw errors.KAFKA_UNAVAILABLE(
      'The events since the journey began cannot be read from Kafka, so one of them could be missed. Try again in a moment.',
    );
  const types = new Set(missing);
  await keepEvents(
    database,
    toReceivedEvents(read.messages).filter(({ type }) => types.has(type)),
  );
  await markKept(database, missing, since);
};
