import { oneText, readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newUuid } from '../../chassis/ids.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import { declaredTypes, findType, listed, sampleOf, type KnownType } from '../policy/event-types.ts';
import { findLatest, publishedCustomTypes } from '../store/latest.ts';

type Names = 'listEventTypes' | 'getEventType' | 'getSampleEvent' | 'getLatestEvent' | 'publishEvent';

const MOST_CUSTOM_TYPES = 500;

export const eventTypeHandlers = ({ contracts, database, now }: Context): Pick<Handlers, Names> => {
  const known = (type: string, errors: Failures<'getEventType'>): KnownType => {
    const found = findType(contracts, type);
    if (found) return found;
    const detail = `There is no event type ${type}. List the event types to find the right one; custom types begin with "custom.".`;
    throw errors.EVENT_TYPE_NOT_FOUND(detail);
  };
  return {
    listEventTypes: async ({ domain, search, limit, cursor }) => {
      const after = readCursor(cursor, oneText)?.[0] ?? '';
      const custom = await publishedCustomTypes(database, MOST_CUSTOM_TYPES);
      const types = [...declaredTypes(contracts), ...custom.flatMap((type) => findType(contracts, type) ?? [])]
        .filter((type) => type.type > after && (domain === undefined || type.contract.domain === domain))
        .filter((type) => search === undefined || contains(type, search))
        .toSorted((left, right) => (left.type < right.type ? -1 : 1));
      return toPage(types, limit, ({ type }) => [type], listed);
    },

    getEventType: async ({ type }, { errors }) => listed(known(type, errors)),

    getSampleEvent: async ({ type }, { errors }) => sampleOf(known(type, errors), now()),

    getLatestEvent: async ({ type }, { errors }) => {
      known(type, errors);
      const latest = await findLatest(database, type);
      if (latest) return latest;
      throw errors.NO_EVENT_YET(`There is no ${type} yet. Use the sample event, or do what causes the event.`);
    },

    publishEvent: command(async (tx, { type, subject, data }) => {
      const id = newUuid();
      tx.append('custom', subject, data, { member: type.slice('custom.'.length), id });
      return { id, type, subject };
    }),
  };
};

const contains = ({ type, declared }: KnownType, search: string): boolean =>
  `${type}\n${declared.title}\n${declared.description}`.toLowerCase().includes(search.toLowerCase());
