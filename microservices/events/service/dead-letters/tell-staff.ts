import { notificationsContract } from '../../../notifications/contract.ts';
import type { Context } from '../../context.ts';
import { saveTold, untoldDeadLetters, type Untold } from '../../store/untold.ts';

const MOST = 500;
/** As many as a message lists; it says how many there are in all. */
const LISTED = 10;

/**
 * Tells staff about dead letters, whatever the settings of a workflow say: one message about each workflow in a period,
 * with all that came meanwhile. After a crash the same message is asked for again, under the same key.
 */
export const tellStaff = async (context: Context): Promise<void> => {
  const { database, log, now, settings } = context;
  const since = new Date(now().getTime() - settings.tellStaffMs);
  const untold = await untoldDeadLetters(database, since, MOST);
  for (const [consumer, letters] of Map.groupBy(untold, (letter) => letter.consumer)) {
    try {
      await send(context, consumer, letters);
      const ids = letters.map(({ id }) => id);
      await database.transaction((tx) => saveTold(tx, consumer, ids, now()));
    } catch (err) {
      log.warn({ err, consumer }, 'staff could not be told about dead letters; trying again');
    }
  }
};

const send = async (context: Context, consumer: string, letters: readonly Untold[]): Promise<void> => {
  const dedupeKey = `dead-letters:${letters[0]?.id ?? ''}`;
  const data = {
    consumer,
    count: letters.length,
    letters: letters.slice(0, LISTED).map((letter) => ({
      id: letter.id,
      event: nameOf(letter),
      node: letter.node,
      error: letter.error.slice(0, 500),
    })),
  };
  await context
    .client(notificationsContract)
    .sendNotification(
      { email: context.settings.staffEmail, template: 'staff-event-buried', data, dedupeKey },
      { idempotencyKey: dedupeKey },
    );
};

/** An event by the number that people know, or by what it is about. */
const nameOf = ({ type, subject, number }: Untold): string => {
  if (type === null) return 'a message that is no event';
  return number === null ? `${type}, ${subject ?? 'about nothing'}` : `${type}, number ${number}`;
};
