import type { LogSettings } from '../log/partition-log.ts';

/** Defaults of topics, set by the embedding process. A retention of -1 means without end. */
export type TopicDefaults = LogSettings & { readonly partitions: number };

/** A topic's own settings by their Kafka names, as text, as they came. */
export type TopicOverrides = Readonly<Record<string, string>>;

const numeric = {
  'retention.ms': { setting: 'retentionMs', min: -1 },
  'retention.bytes': { setting: 'retentionBytes', min: -1 },
  'segment.bytes': { setting: 'segmentBytes', min: 1024 },
  'max.message.bytes': { setting: 'maxMessageBytes', min: 1 },
} as const;

/** Settings that can have one value only, because the broker works in one way. Kafka's tools like to set them. */
const fixed: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'compression.type': 'producer',
  'message.timestamp.type': 'CreateTime',
  'min.insync.replicas': '1',
};

const isNumeric = (name: string): name is keyof typeof numeric => Object.hasOwn(numeric, name);

/** Why a setting cannot be taken, null when it can. */
export function settingProblem(name: string, value: string | null): string | null {
  if (value === null) return `${name} has no value`;
  if (isNumeric(name)) {
    const { min } = numeric[name];
    const valid = /^-?\d{1,15}$/.test(value) && Number(value) >= min;
    return valid ? null : `${name} is "${value}", it takes a whole number of at least ${min}`;
  }
  const only = fixed[name];
  if (only === undefined) {
    return `${name} is not a setting of this broker: it has ${[...Object.keys(numeric), ...Object.keys(fixed)].join(', ')}`;
  }
  return value === only ? null : `${name} is "${value}", this broker only does "${only}"`;
}

export function settingsOf(defaults: TopicDefaults, overrides: TopicOverrides): LogSettings {
  const value = (name: keyof typeof numeric): number => Number(overrides[name] ?? defaults[numeric[name].setting]);
  return {
    retentionMs: value('retention.ms'),
    retentionBytes: value('retention.bytes'),
    segmentBytes: value('segment.bytes'),
    maxMessageBytes: value('max.message.bytes'),
  };
}

export type DescribedSetting = {
  readonly name: string;
  readonly value: string;
  readonly readOnly: boolean;
  readonly own: boolean;
};

export function describeSettings(defaults: TopicDefaults, overrides: TopicOverrides): DescribedSetting[] {
  const changeable = Object.keys(numeric)
    .filter(isNumeric)
    .map((name) => ({
      name,
      value: overrides[name] ?? String(defaults[numeric[name].setting]),
      readOnly: false,
      own: overrides[name] !== undefined,
    }));
  const unchangeable = Object.entries(fixed).map(([name, value]) => ({ name, value, readOnly: true, own: false }));
  return [...changeable, ...unchangeable];
}
