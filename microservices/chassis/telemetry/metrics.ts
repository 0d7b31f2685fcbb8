import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The process's Prometheus metrics; names and labels are part of what dashboards rely on. */
export const createMetrics = () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer, by service, operation and status',
      labelNames: ['service', 'operation', 'status'] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    published: new Counter({
      name: 'events_published_total',
      help: 'Events sent to Kafka',
      labelNames: ['service'] as const,
      registers,
    }),
    handled: new Counter({
      name: 'events_handled_total',
      help: 'Events consumed, by outcome',
      labelNames: ['service', 'outcome'] as const,
      registers,
    }),
    backlog: new Gauge({
      name: 'outbox_backlog_events',
      help: 'Events committed and not yet published',
      labelNames: ['service'] as const,
      registers,
    }),
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
