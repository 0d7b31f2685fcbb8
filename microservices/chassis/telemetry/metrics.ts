import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { DatabaseCosts } from '../context.ts';

/** A response to one operation. */
interface Answered {
  service: string;
  operation: string;
  status: number;
}

/**
 * Requests as Prometheus reads them. Statuses are counted beside the times: a histogram for each of them would make the
 * page six times as long, which every scrape pays for.
 */
const requestMetrics = (registers: Registry[]) => {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to respond, by service and operation',
    labelNames: ['service', 'operation'] as const,
    buckets: [0.01, 0.05, 0.25, 1, 5],
    registers,
  });
  const statuses = new Counter({
    name: 'http_requests_total',
    help: 'Responses, by service, operation and status',
    labelNames: ['service', 'operation', 'status'] as const,
    registers,
  });
  const costs = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['service', 'operation'] as const, registers });
  const roundTrips = costs('database_round_trips_total', 'Requests to PostgreSQL that a request waited for');
  const statements = costs('database_statements_total', 'Statements in them');
  return {
    observe: ({ service, operation, status }: Answered, took: number, spent?: DatabaseCosts): void => {
      seconds.observe({ service, operation }, took);
      statuses.inc({ service, operation, status });
      if (!spent?.roundTrips) return;
      roundTrips.inc({ service, operation }, spent.roundTrips);
      statements.inc({ service, operation }, spent.statements);
    },
  };
};

/** The process's Prometheus metrics; names and labels are part of what dashboards rely on. */
export const createMetrics = () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requests: requestMetrics(registers),
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
