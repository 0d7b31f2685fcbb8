import { topicOf } from '../../../chassis/contract/index.ts';
import type { ServiceGauge } from '../../../chassis/telemetry/gauges.ts';
import type { Context } from '../../context.ts';
import { countWaiting } from '../../store/dead-letters.ts';
import { countRuns } from '../../store/runs.ts';

const DAY_MS = 86_400_000;
/** Consumer groups of triggers in n8n, and of subscriptions. */
const GROUPS = ['fusioncommerce.', 'push-'];

/** Journeys, their lag and dead letters for Prometheus. */
export const gauges = ({ contracts, database, streams, now }: Context): ServiceGauge[] => {
  const topics = contracts.map(topicOf);
  return [
    {
      name: 'journeys_last_day',
      help: 'Journeys that began in the last 24 hours, by workflow and state; converted counts those that an order followed',
      labels: ['workflow', 'state'],
      read: async () => {
        const counted = await countRuns(database, new Date(now().getTime() - DAY_MS), undefined);
        return counted.flatMap(({ workflowId: workflow, running, waiting, succeeded, failed, buried, converted }) =>
          Object.entries({ running, waiting, succeeded, failed, buried, converted }).map(([state, value]) => ({
            labels: { workflow, state },
            value,
          })),
        );
      },
    },
    {
      name: 'journey_lag_events',
      help: 'Messages that triggers in n8n and subscriptions have not passed yet, by consumer group',
      labels: ['group'],
      read: async () =>
        [...(await streams.lags(GROUPS, topics))].map(([group, value]) => ({ labels: { group }, value })),
    },
    {
      name: 'dead_letters',
      help: 'Dead letters that wait for a person, by the topic of their events',
      labels: ['topic'],
      read: async () => {
        const waiting = await countWaiting(database);
        return topics.map((topic) => ({ labels: { topic }, value: waiting.get(topic) ?? 0 }));
      },
    },
  ];
};
