import type { EventItem } from './event-item.ts';
import { declaredEvent, placeOfType } from './event-types.ts';

const ID = '01976f3e-8c2a-7b54-9a10-3f5d2c7e8b61';
const TIME = '2026-11-23T10:00:00.000Z';

/** An example in place of an event. */
export interface SampleItem extends EventItem {
  /** Tells it from a real one, in the item that a person looks at. */
  sample: true;
}

/** The example of an event type, valid in every part. */
export const sampleEvent = (type: string): SampleItem => {
  const { topic, source } = placeOfType(type);
  const { sample = {}, aggregate = '' } = declaredEvent(type) ?? {};
  const id = sample[`${aggregate}Id`];
  const subject = typeof id === 'string' ? id : 'sample';
  return {
    sample: true,
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
