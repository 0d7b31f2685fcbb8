/** The events that a test of the trigger may use, as the form lists them. */
import { type ILoadOptionsFunctions, type INodeListSearchItems, type INodeListSearchResult } from 'n8n-workflow';
import { matchesFilter } from '../../microservices/chassis/contract/event-filter.ts';
import { connectionOf, type KafkaCredential } from './connection.ts';
import { eventTypeOptions } from './derived.ts';
import { typesOf } from './event-form.ts';
import type { EventItem } from './event-item.ts';
import { inWords, parametersOf } from './field-list.ts';
import { filterOf } from './filter.ts';
import { latestEvents } from './test-event.ts';

const MOST_SHOWN = 50;

/** The last events that fit the form as it is now, newest first. */
export async function searchTestEvents(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
  const parameter = parametersOf(this);
  const types = inWords(this, () => typesOf(parameter));
  const conditions = inWords(this, () => filterOf(parameter));
  const credential = await this.getCredentials<KafkaCredential>('fusionCommerceKafka');
  const events = await latestEvents(connectionOf(credential, { warn: () => undefined, error: () => undefined }), types);
  const words = filter?.trim().toLowerCase() ?? '';
  const results = events
    .filter((event) => matchesFilter(conditions, event))
    .map(entryOf)
    .filter(({ name }) => name.toLowerCase().includes(words))
    .slice(0, MOST_SHOWN);
  return { results };
}

const entryOf = ({ id, type, time, subject, data }: EventItem): INodeListSearchItems => {
  const title = eventTypeOptions.find(({ value }) => value === type)?.name ?? type;
  const number = (data as { number?: unknown } | null)?.number;
  return {
    name: `${title} · ${typeof number === 'string' ? number : subject} · ${time.slice(0, 16).replace('T', ' ')} UTC`,
    value: id,
  };
};
