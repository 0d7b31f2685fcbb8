import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import type { Authenticate } from '../chassis/auth/authenticate.ts';
import { authorize } from '../chassis/auth/authorize.ts';
import { hasPageKey, pageKey } from '../chassis/http/page-key.ts';
import { isFromThisMachine } from '../chassis/http/this-machine.ts';
import { Problem } from '../chassis/problem.ts';
import type { Logger } from '../chassis/telemetry/log.ts';
import type { Metrics } from '../chassis/telemetry/metrics.ts';
import { sendProblem } from './problems.ts';

/** A dependency without which requests fail. */
export interface Dependency {
  name: string;
  /** Throws an error with the reason when it is unavailable. */
  check: () => Promise<void>;
}

/**
 * Alive: the process responds. Dependencies do not count, so that a restart of the database does not restart the
 * process.
 */
export const healthz: RequestHandler = (_request, response) => {
  response.set('cache-control', 'no-store').json({ status: 'alive' });
};

/** What a check found out. */
export interface Readiness {
  name: string;
  ready: boolean;
  /** Why it is unavailable; can name internal addresses, so that only this machine and the log get it. */
  detail?: string;
}

export type CheckAll = () => Promise<Readiness[]>;

const CHECK_MS = 3_000;
const REMEMBERED_MS = 1_000;

/** Checks every dependency. One round serves all requests of a second, so that frequent requests cost nothing. */
export const checksOf = (dependencies: readonly Dependency[], log: Logger): CheckAll => {
  let round: { results: Promise<Readiness[]>; until: number } | undefined;
  return () => {
    if (!round || round.until < Date.now()) {
      round = {
        results: Promise.all(dependencies.map((dependency) => checkOne(dependency, log))),
        until: Date.now() + REMEMBERED_MS,
      };
    }
    return round.results;
  };
};

/** What a visitor may know of a check. */
export const shownTo = (request: Request, results: readonly Readiness[]): Readiness[] =>
  isFromThisMachine(request) ? [...results] : results.map(({ name, ready }) => ({ name, ready }));

export interface ReadyOptions {
  /** Dependencies of this process. */
  own: CheckAll;
  /** These, and the services of other processes. */
  all: CheckAll;
  /** True once the process was asked to stop: it finishes what it has and wants nothing new. */
  isStopping: () => boolean;
}

/**
 * Ready: every dependency of this process responds. Services of other processes count only for `/readyz?all`:
 * otherwise one that is broken would take all the others out of the cluster's routes.
 */
export const readyz =
  ({ own, all, isStopping }: ReadyOptions): RequestHandler =>
  async (request, response) => {
    if (isStopping()) return sendProblem(request, response, STOPPING);
    const check = 'all' in request.query ? all : own;
    sendReadiness(request, response, shownTo(request, await check()));
  };

const STOPPING = new Problem({
  code: 'STOPPING',
  status: 503,
  title: 'Stopping',
  detail: 'This process is stopping. It finishes the requests that it has.',
});

const checkOne = async ({ name, check }: Dependency, log: Logger): Promise<Readiness> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no response within ${CHECK_MS} ms`)), CHECK_MS);
  });
  try {
    await Promise.race([check(), late]);
    return { name, ready: true };
  } catch (error) {
    log.warn({ err: error, dependency: name }, 'a dependency is unavailable');
    return { name, ready: false, detail: error instanceof Error ? error.message || error.name : String(error) };
  } finally {
    clearTimeout(timer);
  }
};

const sendReadiness = (request: Request, response: Response, dependencies: Readiness[]): void => {
  response.set('cache-control', 'no-store');
  const unavailable = dependencies.filter(({ ready }) => !ready);
  if (unavailable.length === 0) {
    response.json({ status: 'ready', dependencies });
    return;
  }
  const problem = new Problem({
    code: 'NOT_READY',
    status: 503,
    title: 'Not ready',
    detail: `Unavailable: ${unavailable.map(({ name, detail }) => (detail ? `${name} (${detail})` : name)).join(', ')}.`,
    headers: { 'retry-after': '1' },
    data: { dependencies },
  });
  sendProblem(request, response, problem);
};

const zipped = promisify(gzip);

export interface MetricsOptions {
  metrics: Metrics;
  authenticate: Authenticate;
  /** Open to everybody: for ports that only the cluster's scraper can reach. */
  open: boolean;
  /** What the key in a link to the page is made with; without it no link opens it. */
  serviceKey?: string;
}

/**
 * Prometheus text, for this machine, for keys with the scope metrics:read, for a link with the page's key, or for
 * everybody where so configured.
 */
export const metricsPage =
  ({ metrics, authenticate, open, serviceKey }: MetricsOptions): RequestHandler =>
  async (request, response) => {
    const byLink = serviceKey !== undefined && hasPageKey(request, pageKey(serviceKey, '/metrics'));
    if (!open && !byLink && !isFromThisMachine(request)) {
      authorize({ scope: 'metrics:read' }, await authenticate(request.headers.authorization));
    }
    response.set('cache-control', 'no-store').vary('Accept-Encoding').type(metrics.registry.contentType);
    const page = await metrics.registry.metrics();
    if (request.acceptsEncodings('gzip')) response.set('content-encoding', 'gzip').send(await zipped(page));
    else response.send(page);
  };
