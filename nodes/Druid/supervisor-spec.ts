import { StoreError } from '../datastore/error.ts';

type Values = Record<string, unknown>;
const asObject = (value: unknown): Values | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : undefined;

/**
 * The specification of a supervisor, checked as far as a mistake would otherwise only be seen in Druid's log. Throws
 * StoreError with what is missing.
 */
export const supervisorSpec = (given: unknown): Values => {
  const value = typeof given === 'string' ? parsed(given) : given;
  const outer = asObject(value);
  if (!outer) throw refused('The specification is no JSON object', JSON.stringify(value)?.slice(0, 80) ?? '');
  const { type } = outer;
  if (typeof type !== 'string' || type === '') throw refused('The specification has no "type"', 'kafka, for example');
  // A supervisor that makes its own segments again (compaction, scheduled batches) has no source to read from.
  if (!['kafka', 'kinesis', 'rabbit'].includes(type)) return outer;
  const spec = asObject(outer['spec']) ?? outer;
  const dataSource = asObject(spec['dataSchema'])?.['dataSource'];
  if (typeof dataSource !== 'string' || dataSource === '')
    throw refused('The specification names no data source', 'spec.dataSchema.dataSource is missing');
  const ioConfig = asObject(spec['ioConfig']);
  if (!ioConfig) throw refused('The specification says not where to read from', 'spec.ioConfig is missing');
  if (type === 'kafka') checkKafka(ioConfig);
  return outer;
};

const checkKafka = (ioConfig: Values): void => {
  if (!ioConfig['topic'] && !ioConfig['topicPattern'])
    throw refused('The specification names no topic', 'spec.ioConfig.topic is missing');
  if (!asObject(ioConfig['consumerProperties'])?.['bootstrap.servers'])
    throw refused(
      'The specification names no Kafka',
      'spec.ioConfig.consumerProperties["bootstrap.servers"] is missing',
    );
};

const refused = (what: string, detail: string): StoreError =>
  new StoreError(
    'INVALID_SPECIFICATION',
    `${what}${detail ? `: ${detail}` : ''}.`,
    'The fields are described in Druid’s documentation under Supervisor. Druid’s own console can make a specification.',
  );

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
