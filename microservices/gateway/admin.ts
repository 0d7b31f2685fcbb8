import express, { type Express } from 'express';
import type { Authenticate } from '../chassis/auth/authenticate.ts';
import type { Logger } from '../chassis/telemetry/log.ts';
import type { Metrics } from '../chassis/telemetry/metrics.ts';
import { healthz, metricsPage, readyz, type CheckAll } from './health.ts';
import { onlyGet, problemHandler } from './problems.ts';

export interface AdminOptions {
  /** Dependencies of this process. */
  own: CheckAll;
  /** These, and the services of other processes. */
  all: CheckAll;
  isStopping: () => boolean;
  metrics: Metrics;
  authenticate: Authenticate;
  log: Logger;
}

/**
 * The second port of a process, for the kubelet and the scraper: /healthz, /readyz and /metrics, without limits and
 * without a key. It must never be routed to from outside.
 */
export const createAdmin = ({ own, all, isStopping, metrics, authenticate, log }: AdminOptions): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.route('/healthz').get(healthz).all(onlyGet);
  app.route('/readyz').get(readyz({ own, all, isStopping })).all(onlyGet);
  app
    .route('/metrics')
    .get(metricsPage({ metrics, authenticate, open: true }))
    .all(onlyGet);
  app.use(problemHandler(log));
  return app;
};
