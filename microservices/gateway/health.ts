import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import type { Authenticate } from '../chassis/auth/authenticate.ts';
import { authorize } from '../chassis/auth/authorize.ts';
import { isFromThisMachine } from '../chassis/http/this-machine.ts';
import { Problem } from '../chassis/problem.ts';
import type { Logger } from '../chassis/telemetry/log.ts';
import type { Metrics } from '../chassis/telemetry/metrics.ts';
import { sendProblem } from './problems.ts';

/** Something that has to be there for requests to be answered. */
export interface Dependency {
  name: string;
  /** Throws, saying why, when it is away. */
  check: () => Promise<void>;
}

/** Alive: the process answers. Says nothing about what it depends on, so that a database restart does not restart us. */
export const healthz: RequestHandler = (_request, response) => {
  response.set('cache-control', 'no-store').json({ status: 'alive' });
};

interface Readiness {
  name: string;
  ready: boolean;
  detail?: string;
}

const CHECK_MS = 3_000;
const REMEMBERED_MS = 1_000;

/**
 * Ready: every dependency answers. One round of checks serves all who ask within a second, so that asking often costs nothing. Why
 * something is away may name inner addresses: only this machine is told, the log has it anyway.
 */
export const readyz = (dependencies: readonly Dependency[], log: Logger): RequestHandler => {
  let round: { answers: Promise<Readiness[]>; until: number } | undefined;
  return async (request, response) => {
    if (!round || round.until < Date.now()) {
      round = {
        answers: Promise.all(dependencies.map((dependency) => inquire(dependency, log))),
        until: Date.now() + REMEMBERED_MS,
      };
    }
    const answers = await round.answers;
    answerReadiness(
      request,
      response,
      isFromThisMachine(request) ? answers : answers.map(({ name, ready }) => ({ name, ready })),
    );
  };
};

const inquire = async ({ name, check }: Dependency, log: Logger): Promise<Readiness> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_MS} ms`)), CHECK_MS);
  });
  try {
    await Promise.race([check(), late]);
    return { name, ready: true };
  } catch (error) {
    log.warn({ err: error, dependency: name }, 'a dependency is away');
    return { name, ready: false, detail: error instanceof Error ? error.message || error.name : String(error) };
  } finally {
    clearTimeout(timer);
  }
};

const answerReadiness = (request: Request, response: Response, dependencies: Readiness[]): void => {
  response.set('cache-control', 'no-store');
  const away = dependencies.filter(({ ready }) => !ready);
  if (away.length === 0) {
    response.json({ status: 'ready', dependencies });
    return;
  }
  const problem = new Problem({
    code: 'NOT_READY',
    status: 503,
    title: 'Not ready',
    detail: `Away: ${away.map(({ name, detail }) => (detail ? `${name} (${detail})` : name)).join(', ')}.`,
    headers: { 'retry-after': '1' },
    data: { dependencies },
  });
  sendProblem(request, response, problem);
};

const zipped = promisify(gzip);

export interface MetricsOptions {
  metrics: Metrics;
  authenticate: Authenticate;
  /** Answer everybody: where only the cluster's scraper can reach this port. */
  open: boolean;
}

/** Prometheus text, for this machine, for keys with the scope metrics:read, or for everybody where so configured. */
export const metricsPage =
  ({ metrics, authenticate, open }: MetricsOptions): RequestHandler =>
  async (request, response) => {
    if (!open && !isFromThisMachine(request)) {
      authorize({ scope: 'metrics:read' }, await authenticate(request.headers.authorization));
    }
    response.set('cache-control', 'no-store').vary('Accept-Encoding').type(metrics.registry.contentType);
    const page = await metrics.registry.metrics();
    if (request.acceptsEncodings('gzip')) response.set('content-encoding', 'gzip').send(await zipped(page));
    else response.send(page);
  };
