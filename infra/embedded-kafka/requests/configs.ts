import {
  configOperations,
  type AlterConfigsRequest,
  type AlterConfigsResult,
  type AlteredResource,
  type ConfigChange,
} from '../protocol/alter-configs.ts';
import {
  configSources,
  resourceTypes,
  type ConfigEntry,
  type DescribeConfigsRequest,
  type DescribedResource,
} from '../protocol/describe-configs.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import { describeSettings, settingProblem, type TopicOverrides } from '../topics/topic-settings.ts';
import { configureTopic, type Topic } from '../topics/topic-store.ts';
import type { BrokerState } from './broker-state.ts';

export function handleDescribeConfigs(request: DescribeConfigsRequest, state: BrokerState): DescribedResource[] {
  return request.resources.map(({ type, name, keys }) => {
    const entries = entriesOf(type, name, state);
    if (typeof entries === 'number') {
      return {
        errorCode: entries,
        errorMessage: `there is no resource "${name}" of type ${type}`,
        type,
        name,
        configs: [],
      };
    }
    const configs = keys === null ? entries : entries.filter((entry) => keys.includes(entry.name));
    return { errorCode: errorCodes.NONE, errorMessage: null, type, name, configs };
  });
}

function entriesOf(type: number, name: string, state: BrokerState): ConfigEntry[] | number {
  if (type === resourceTypes.broker && (name === '' || name === String(state.nodeId))) return brokerEntries(state);
  if (type !== resourceTypes.topic) return errorCodes.INVALID_REQUEST;
  const topic = state.topics.topics.get(name);
  if (topic === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  return describeSettings(state.topics.defaults, topic.overrides).map(({ own, ...setting }) => ({
    ...setting,
    source: own ? configSources.topic : configSources.builtIn,
  }));
}

function brokerEntries(state: BrokerState): ConfigEntry[] {
  const values = {
    'auto.create.topics.enable': state.autoCreateTopics,
    'broker.id': state.nodeId,
    'default.replication.factor': 1,
    'log.retention.bytes': state.topics.defaults.retentionBytes,
    'log.retention.ms': state.topics.defaults.retentionMs,
    'log.segment.bytes': state.topics.defaults.segmentBytes,
    'message.max.bytes': state.topics.defaults.maxMessageBytes,
    'num.partitions': state.topics.defaults.partitions,
  };
  return Object.entries(values).map(([name, value]) => ({
    name,
    value: String(value),
    readOnly: true,
    source: configSources.staticBroker,
  }));
}

/** AlterConfigs replaces all of a topic's own settings. */
export function handleAlterConfigs(request: AlterConfigsRequest, state: BrokerState): Promise<AlterConfigsResult[]> {
  return alter(request, state, () => ({}));
}

/** IncrementalAlterConfigs changes some and leaves the others. */
export function handleIncrementalAlterConfigs(
  request: AlterConfigsRequest,
  state: BrokerState,
): Promise<AlterConfigsResult[]> {
  return alter(request, state, (topic) => topic.overrides);
}

async function alter(
  { resources, validateOnly }: AlterConfigsRequest,
  state: BrokerState,
  startFrom: (topic: Topic) => TopicOverrides,
): Promise<AlterConfigsResult[]> {
  const results: AlterConfigsResult[] = [];
  for (const resource of resources) {
    const { type, name } = resource;
    const topic = type === resourceTypes.topic ? state.topics.topics.get(name) : undefined;
    const problem = alterProblem(resource, topic);
    if (topic && !problem && !validateOnly) {
      await configureTopic(state.topics, topic, applyChanges(startFrom(topic), resource.changes));
    }
    results.push({
      type,
      name,
      errorCode: problem?.errorCode ?? errorCodes.NONE,
      errorMessage: problem?.errorMessage ?? null,
    });
  }
  return results;
}

function alterProblem(
  { type, name, changes }: AlteredResource,
  topic: Topic | undefined,
): { readonly errorCode: number; readonly errorMessage: string } | null {
  if (type !== resourceTypes.topic) {
    return {
      errorCode: errorCodes.INVALID_REQUEST,
      errorMessage: 'only settings of topics can be changed while the broker runs',
    };
  }
  if (topic === undefined) {
    return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: `there is no topic ${name}` };
  }
  const problem = changes.map(changeProblem).find((found) => found !== null);
  return problem === undefined ? null : { errorCode: errorCodes.INVALID_CONFIG, errorMessage: problem };
}

function changeProblem({ name, operation, value }: ConfigChange): string | null {
  if (operation === configOperations.delete) return null;
  if (operation !== configOperations.set)
    return `${name} is no list: it can be set (0) or deleted (1), not ${operation}`;
  return settingProblem(name, value);
}

function applyChanges(overrides: TopicOverrides, changes: readonly ConfigChange[]): TopicOverrides {
  const changed = new Map(Object.entries(overrides));
  for (const { name, operation, value } of changes) {
    if (operation === configOperations.delete || value === null) changed.delete(name);
    else changed.set(name, value);
  }
  return Object.fromEntries(changed);
}
