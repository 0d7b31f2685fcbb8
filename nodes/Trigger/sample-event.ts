import type { EventItem } from './event-item.ts';
import { declaredEvent, placeOfType } from './event-types.ts';

const ID = '01976f3e-8c2a-7b54-9a10-3f5d2c7e8b61';
const TIME = '2026-11-23T10:00:00.000Z';

/** An event made from the schema of its type, valid in every part. */
export const sampleEvent = (type: string): EventItem => {
  const { topic, source } = placeOfType(type);
  const { sample = {}, aggregate = '' } = declaredEvent(type) ?? {};
  const id = sample[`${aggregate}Id`];
  const subject = typeof id === 'string' ? id : 'sample';
  return {
    id: ID,
    type,
    source,
    subject,
    time: TIME,
    sequence: 1,
    correlationid: '01976f3e-8c2a-7b54-9a10-3f5d2c7e8b60',
    data: sample,
    kafka: { topic, partition: 0, offset: '0', key: subject, timestamp: TIME },
  };
};
