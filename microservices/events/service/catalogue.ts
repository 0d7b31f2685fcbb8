import type { Handlers } from '../../chassis/http/handlers.ts';
import { oneText, readCursor, toPage } from '../../chassis/cursor.ts';
import { newUuid } from '../../chassis/ids.ts';
import { declaredTypes, findType, listed, sampleOf, type KnownType } from '../catalogue.ts';
import type { Context } from '../context.ts';
import type { eventsContract } from '../contract.ts';
import { findLatest, publishedCustomTypes } from '../store/latest.ts';

type Parts = Pick<
  Handlers<typeof eventsContract>,
  'listEventTypes' | 'getEventType' | 'getSampleEvent' | 'getLatestEvent' | 'publishEvent'
>;

const MOST_CUSTOM_TYPES = 500;

export const catalogueHandlers = ({ platform }: Context): Parts => {
  const { catalogue } = platform;
  const known = (type: string, refuse: (detail: string) => Error): KnownType => {
    const found = findType(catalogue, type);
    if (!found)
      throw refuse(
        `There is no event type ${type}. List the event types to see which there are; types of your own begin with custom.`,
      );
    return found;
  };
  return {
    listEventTypes: async ({ domain, search, limit, cursor }) => {
      const after = readCursor(cursor, oneText)?.[0] ?? '';
      const custom = await publishedCustomTypes(platform.database, MOST_CUSTOM_TYPES);
      const types = [...declaredTypes(catalogue), ...custom.flatMap((type) => findType(catalogue, type) ?? [])]
        .filter((type) => type.type > after && (domain === undefined || type.contract.domain === domain))
        .filter((type) => search === undefined || contains(type, search))
        .toSorted((left, right) => (left.type < right.type ? -1 : 1));
      return toPage(types, limit, ({ type }) => [type], listed);
    },
    getEventType: async ({ type }, { errors }) => listed(known(type, errors.EVENT_TYPE_NOT_FOUND)),
    getSampleEvent: async ({ type }, { errors }) => sampleOf(known(type, errors.EVENT_TYPE_NOT_FOUND), platform.now()),
    getLatestEvent: async ({ type }, { errors }) => {
      known(type, errors.EVENT_TYPE_NOT_FOUND);
      const latest = await findLatest(platform.database, type);
      if (latest) return latest;
      throw errors.NO_EVENT_YET(`No ${type} has happened yet. Take the sample, or make one happen.`);
    },
    publishEvent: ({ type, subject, data }, { commit }) =>
      commit(async (tx) => {
        const id = newUuid();
        tx.append('custom', subject, data, { member: type.slice('custom.'.length), id });
        return { id, type, subject };
      }),
  };
};

const contains = ({ type, declared }: KnownType, search: string): boolean =>
  `${type}\n${declared.title}\n${declared.description}`.toLowerCase().includes(search.toLowerCase());
