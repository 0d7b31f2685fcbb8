import { oneText, readCursor, toPage } from '../../../chassis/cursor.ts';
import { command } from '../../../chassis/http/command.ts';
import type { Problem } from '../../../chassis/problem.ts';
import { illegalMove } from '../../../chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../../context.ts';
import type { DeadLetter } from '../../contract/dead-letters.ts';
import { after } from '../../../chassis/state-machine.ts';
import { whyNotReplayable } from '../../policy/dead-letters.ts';
import { deadLetterStates, type DeadLetterMove } from '../../policy/states.ts';
import {
  findDeadLetter,
  listDeadLetters,
  lockDeadLetter,
  saveDeadLetterState,
  toDeadLetter,
  type DeadLetterRow,
} from '../../store/dead-letters.ts';
import { findSubscription } from '../../store/subscriptions.ts';

type Names = 'listDeadLetters' | 'getDeadLetter' | 'replayDeadLetter' | 'discardDeadLetter';
type NotFound = Failures<'getDeadLetter'>;

/** What people do about events that could not be handled. */
export const deadLetterHandlers = ({ database, now }: Context): Pick<Handlers, Names> => ({
  listDeadLetters: async ({ cursor, limit, ...wanted }) => {
    const before = readCursor(cursor, oneText)?.[0];
    return toPage(await listDeadLetters(database, { ...wanted, limit, before }), limit, ({ id }) => [id], toDeadLetter);
  },

  getDeadLetter: async ({ deadLetterId }, { errors }) => {
    const row = await findDeadLetter(database, deadLetterId);
    if (!row) throw noDeadLetter(deadLetterId, errors);
    return toDeadLetter(row);
  },

  replayDeadLetter: command(async (tx, { deadLetterId }, { errors }) => {
    const row = await locked(tx, deadLetterId, errors);
    if (row.state === 'replayed') return toDeadLetter(row);
    const replayed = await moved(tx, row, 'replay', errors, now());
    const reason = whyNotReplayable(row) ?? (await whyNobodyGetsIt(tx, row));
    if (reason !== undefined || replayed.event === null)
      throw errors.NOT_REPLAYABLE(`${nameOf(row)} cannot be replayed: ${reason ?? 'it is no event.'}`);
    const { group, workflowId, subscriptionId, event } = replayed;
    tx.append('event.replayed', event.subject, { deadLetterId, group, workflowId, subscriptionId, event });
    return replayed;
  }),

  discardDeadLetter: command(async (tx, { deadLetterId }, { errors }) => {
    const row = await locked(tx, deadLetterId, errors);
    return row.state === 'discarded' ? toDeadLetter(row) : moved(tx, row, 'discard', errors, now());
  }),
});

const nameOf = ({ id, type, subject, number }: DeadLetterRow): string =>
  `Dead letter ${id} (${type ?? 'no event'}${number === null ? '' : `, number ${number}`}${subject === null ? '' : `, ${subject}`})`;

const noDeadLetter = (id: string, errors: NotFound): Problem =>
  errors.DEAD_LETTER_NOT_FOUND(`There is no dead letter ${id}. List the dead letters to find the right id.`);

const locked = async (tx: Tx, id: string, errors: NotFound): Promise<DeadLetterRow> => {
  const row = await lockDeadLetter(tx, id);
  if (!row) throw noDeadLetter(id, errors);
  return row;
};

const moved = async (
  tx: Tx,
  row: DeadLetterRow,
  move: DeadLetterMove,
  errors: Failures<'discardDeadLetter'>,
  now: Date,
): Promise<DeadLetter> => {
  const state = after(deadLetterStates, row.state, move);
  if (state === undefined) {
    const [detail, data] = illegalMove(deadLetterStates, { name: nameOf(row), state: row.state }, move);
    throw errors.ILLEGAL_STATE(detail, { deadLetterId: row.id, ...data });
  }
  const next = { ...row, state, updatedAt: now.toISOString() };
  await saveDeadLetterState(tx, next);
  return toDeadLetter(next);
};

const whyNobodyGetsIt = async (tx: Tx, { subscriptionId }: DeadLetterRow): Promise<string | undefined> => {
  if (subscriptionId === null || (await findSubscription(tx, subscriptionId))) return undefined;
  return `its subscription ${subscriptionId} was deleted.`;
};
