import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A CloudEvents 1.0 event as the platform carries it: Kafka binary binding, JSON data, our five extensions. */
export interface CommerceEvent<Data = unknown> {
  /** UUIDv7, unique for ever: what consumers remember. */
  id: string;
  /** `order.confirmed` */
  type: string;
  /** The domain that says it: `/orders`. */
  source: string;
  /** The aggregate's id; also the Kafka key. */
  subject: string;
  /** When it happened, ISO 8601 UTC. */
  time: string;
  /** 1, 2, 3 … per aggregate, without gaps. */
  sequence: number;
  correlationid: string;
  causationid?: string;
  traceparent?: string;
  /** Where the schema of `data` is served. */
  dataschema: string;
  data: Data;
}

/**
 * The headers and value of a Kafka message, by the CloudEvents Kafka protocol binding 1.0.2, section 3.2 (binary
 * content mode).
 */
export const toMessage = (event: CommerceEvent) => ({
  key: event.subject,
  value: JSON.stringify(event.data),
  headers: {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_subject: event.subject,
    ce_time: event.time,
    ce_dataschema: event.dataschema,
    ce_sequence: String(event.sequence),
    ce_correlationid: event.correlationid,
    ...(event.causationid ? { ce_causationid: event.causationid } : {}),
    ...(event.traceparent ? { ce_traceparent: event.traceparent } : {}),
  },
});

export class UndecodableMessage extends Error {
  constructor(reason: string) {
    super(`This Kafka message is not a CloudEvent of the platform: ${reason}.`);
    this.name = 'UndecodableMessage';
  }
}

/** Reads a Kafka message back into an event. Throws UndecodableMessage saying which part is missing or broken. */
export const fromMessage = (message: { value: Buffer | null; headers?: IHeaders | undefined }): CommerceEvent => {
  const headers = message.headers ?? {};
  const optional = (name: string): string | undefined => headers[`ce_${name}`]?.toString();
  const required = (name: string): string => {
    const value = optional(name);
    if (value === undefined || value === '') throw new UndecodableMessage(`header ce_${name} is missing`);
    return value;
  };
  const causationid = optional('causationid');
  const traceparent = optional('traceparent');
  return {
    id: requireUuid(required('id')),
    type: required('type'),
    source: required('source'),
    subject: required('subject'),
    time: required('time'),
    sequence: Number(optional('sequence') ?? 0),
    correlationid: optional('correlationid') ?? required('id'),
    dataschema: optional('dataschema') ?? '',
    ...(causationid ? { causationid } : {}),
    ...(traceparent ? { traceparent } : {}),
    data: parseData(message.value),
  };
};

/** An event as journeys get it, whether a trigger reads Kafka itself or the platform pushes: with where it lies. */
export interface JourneyEvent extends Omit<CommerceEvent, 'dataschema'> {
  kafka: { topic: string; partition: number; offset: string; key: string | null; timestamp: string };
}

/** Reads a Kafka message as journeys get it. Throws UndecodableMessage when it is no event of the platform. */
export const toJourneyEvent = (
  { topic, partition }: { topic: string; partition: number },
  message: KafkaMessage,
): JourneyEvent => {
  const { dataschema: _dataschema, ...event } = fromMessage(message);
  return {
    ...event,
    kafka: {
      topic,
      partition,
      offset: message.offset,
      key: message.key?.toString() ?? null,
      timestamp: new Date(Number(message.timestamp)).toISOString(),
    },
  };
};

/** The type alone, cheaply: what decides whether a message is worth decoding. */
export const typeOf = (message: { headers?: IHeaders | undefined }): string | undefined =>
  message.headers?.['ce_type']?.toString();

const requireUuid = (id: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new UndecodableMessage(`ce_id "${id.slice(0, 60)}" is not a UUID`);
  return id;
};

const parseData = (value: Buffer | null): unknown => {
  if (value === null) throw new UndecodableMessage('it has no value');
  try {
    return JSON.parse(value.toString('utf8')) as unknown;
  } catch {
    throw new UndecodableMessage('its value is not JSON');
  }
};
