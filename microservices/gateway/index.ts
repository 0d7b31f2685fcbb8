import cors from 'cors';
import express, { Router, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Authenticate } from '../chassis/auth/authenticate.ts';
import type { Contract } from '../chassis/contract/index.ts';
import type { DocumentInfo } from '../chassis/contract/documents/open-api.ts';
import { documentRoutes } from './reference/routes.ts';
import { newUuid } from '../chassis/ids.ts';
import { Problem } from '../chassis/problem.ts';
import type { RunningService } from '../chassis/service.ts';
import type { Logger } from '../chassis/telemetry/log.ts';
import type { Metrics } from '../chassis/telemetry/metrics.ts';
import { paced } from './connections.ts';
import { checksOf, healthz, metricsPage, readyz, type Dependency, type ReadyOptions } from './health.ts';
import { healthPage } from './health-page.ts';
import { landing, type LandingLink, type LiveNumber } from './landing.ts';
import { methodNotAllowed, onlyGet, problemHandler } from './problems.ts';
import { proxyTo } from './proxy.ts';
import { rateLimited, type RateLimit } from './rate-limit.ts';
import { routeTable, type RouteTable } from './route-table.ts';
import { sizeLimited } from './size-limit.ts';
import { hopHeaders, visitorAddress, type TrustedProxies } from './visitor.ts';

/** A service that runs in another process. */
export interface RemoteService {
  domain: string;
  contract: Contract;
  /** Its address, without the version: http://orders:3000 */
  url: string;
}

export interface GatewayOptions {
  /** Services of this process, called directly. */
  local: readonly Pick<RunningService, 'domain' | 'contract' | 'handle' | 'ready'>[];
  remote?: readonly RemoteService[];
  /** Routes that belong to no service (objects of the disk store, a head). */
  routes?: readonly RequestHandler[];
  /**
   * Routes with CORS rules of their own, matched before all others: public, small and without state, because no limit
   * applies to them.
   */
  openRoutes?: readonly RequestHandler[];
  /** Dependencies of this process besides its services: the broker. */
  dependencies?: readonly Dependency[];
  /** True once the process was asked to stop, and is no longer ready. */
  isStopping?: () => boolean;
  metrics: Metrics;
  log: Logger;
  authenticate: Authenticate;
  /** Origins whose pages may call the API from a browser; `*` for all. */
  corsOrigins: readonly string[];
  rateLimit: RateLimit;
  /** Largest body of a request, streamed ones included. JSON has a lower limit of its own in the services. */
  maxBodyBytes: number;
  /** Proxies in front of this one whose X-Forwarded-For is believed: none unless given. */
  trustProxy?: TrustedProxies;
  /** The key that processes of the platform send each other: a sender with it is believed and not limited. */
  serviceKey?: string;
  /** Opens /metrics to everybody; otherwise this machine and keys with metrics:read. */
  openMetrics?: boolean;
  /** Title and version in the API's documents. */
  documents?: DocumentInfo;
  /** More links on the landing page. */
  links?: readonly LandingLink[];
  /** Numbers of the running shop, on the landing page for this machine. */
  numbers?: (() => Promise<readonly LiveNumber[]>) | undefined;
}

/**
 * The one public port: security headers, CORS, limits, health and metrics in front of services of this process and of
 * others, also of a service that is started alone.
 */
export const createGateway = (options: GatewayOptions): Express => {
  const { local, remote = [], routes = [], log } = options;
  const contracts = [...local, ...remote].map(({ contract }) => contract);
  const locals = local.map((service) => ({
    contract: service.contract,
    target: Router().use(...service.handle) as RequestHandler,
  }));
  const remotes = remote.map((service) => ({ contract: service.contract, target: remoteHandler(options, service) }));
  const table = routeTable([...locals, ...remotes]);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxy ?? []);

  app.use(visitorAddress(options.serviceKey));
  app.use(securityHeaders(), ...(options.openRoutes ?? []), crossOrigin(options.corsOrigins), correlated);
  app.route('/healthz').get(healthz).all(onlyGet);
  app.use(rateLimited(options.rateLimit, options.authenticate), sizeLimited(options.maxBodyBytes), paced());
  const readiness = readinessOf(options);
  app.route('/readyz').get(readyz(readiness)).all(onlyGet);
  app.route('/health').get(healthPage(readiness.all)).all(onlyGet);
  app
    .route('/metrics')
    .get(metricsPage({ ...options, open: options.openMetrics ?? false }))
    .all(onlyGet);
  app
    .route('/')
    .get(landing({ contracts, links: [...(options.links ?? []), ...DOCUMENT_LINKS], numbers: options.numbers }))
    .all(onlyGet);
  app.use(
    documentRoutes(contracts, options.documents ?? { title: 'FusionCommerce', version: '0.1.0' }),
    dispatch(table),
  );
  app.use(...routes, pagesOf(locals.map(({ target }) => target)), notFound(table), problemHandler(log));
  return app;
};

const DOCUMENT_LINKS: readonly LandingLink[] = [
  {
    href: '/reference',
    title: 'API reference',
    description: 'All operations with their inputs, responses and errors.',
    doors: ['developer'],
  },
  {
    href: '/reference/events',
    title: 'Events',
    description: 'All events with their data: what journeys start from.',
    doors: ['analyst', 'developer'],
  },
  {
    href: '/openapi.json',
    title: 'openapi.json, asyncapi.json',
    description: 'The same for programs; /asyncapi.json has the events.',
    doors: ['developer'],
  },
  {
    href: '/health',
    title: 'Health',
    description: 'Which parts of the platform work.',
    doors: ['merchant', 'developer'],
  },
];

const securityHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    },
    originAgentCluster: false,
    // Pictures of products are shown by shops on other origins.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });

const EXPOSED = [
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Correlation-Id',
  'Idempotency-Replayed',
  'Content-Disposition',
];

/** Bearer credentials only, no cookies: an allowed origin gets only what its visitor gives it. */
const crossOrigin = (origins: readonly string[]): RequestHandler =>
  cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'X-Correlation-Id', 'Traceparent'],
    exposedHeaders: EXPOSED,
    maxAge: 600,
  });

/** Every response, refusals included, has the correlation id of its log lines. */
const correlated: RequestHandler = (request, response, next) => {
  const given = request.headers['x-correlation-id'];
  const correlationId = typeof given === 'string' && /^[\x21-\x7e]{1,100}$/.test(given) ? given : newUuid();
  request.headers['x-correlation-id'] = correlationId;
  response.setHeader('x-correlation-id', correlationId);
  next();
};

const remoteHandler = (options: GatewayOptions, { domain, contract, url }: RemoteService): RequestHandler => {
  const headers = hopHeaders(options.serviceKey);
  const pass = proxyTo({ domain, url, headers, log: options.log, maxBodyBytes: options.maxBodyBytes });
  const names = routeTable([{ contract, target: domain }]);
  return (request, response, next) => {
    const started = performance.now();
    response.once('close', () =>
      options.metrics.requests.observe(
        {
          service: domain,
          operation: names.operationOf(request.method, request.path) ?? 'unknown',
          status: response.statusCode,
        },
        (performance.now() - started) / 1000,
      ),
    );
    return pass(request, response, next);
  };
};

/** What /readyz looks at, here and on the port of the operators. */
export const readinessOf = (
  options: Pick<GatewayOptions, 'local' | 'remote' | 'dependencies' | 'isStopping' | 'log'>,
): ReadyOptions => {
  const { local, remote = [], dependencies = [], isStopping = () => false, log } = options;
  const services = local.map(({ domain, ready }) => ({ name: domain, check: ready }));
  const others = remote.map(({ domain, url }) => ({ name: domain, check: () => remoteAlive(url) }));
  return {
    own: checksOf([...services, ...dependencies], log),
    all: checksOf([...services, ...others, ...dependencies], log),
    isStopping,
  };
};

/** Another process only has to be alive: two that wait for each other to be ready would wait for ever. */
const remoteAlive = async (url: string): Promise<void> => {
  const answer = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(2_000) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`its /healthz returned ${answer.status}`);
};

/** Hands a versioned path to the one service that owns its first segment. */
const dispatch =
  (table: RouteTable<RequestHandler>): RequestHandler =>
  (request, response, next) => {
    const target = table.targetOf(request.path);
    if (target) return target(request, response, next);
    next();
  };

/** Pages of services besides their operations (the development inbox): any path without a version. */
const pagesOf = (targets: readonly RequestHandler[]): RequestHandler => {
  const pages = Router().use(...targets, (_request, _response, next) => next());
  return (request, response, next) => {
    if (/^\/v\d+\//.test(request.path)) next();
    else pages(request, response, next);
  };
};

const notFound =
  (table: RouteTable<unknown>): RequestHandler =>
  (request) => {
    const methods = table.methodsOf(request.path);
    if (methods.length > 0) throw methodNotAllowed(request.method, methods);
    throw new Problem({
      code: 'NOT_FOUND',
      status: 404,
      title: 'Path not found',
      detail: `${request.method} ${request.path.slice(0, 200)} does not exist. Paths begin with ${table.beginnings.join(', ')}; all of them are listed at /openapi.json.`,
    });
  };
