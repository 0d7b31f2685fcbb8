import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestHandler } from 'express';
import { Problem } from '../../microservices/chassis/problem.ts';
import {
  explainRefusals,
  limitConnections,
  REQUEST_TIMEOUTS,
  sharedAddress,
} from '../../microservices/gateway/connections.ts';
import type { TrustedProxies } from '../../microservices/gateway/visitor.ts';

/** A port of a process. */
export interface Listener {
  url: string;
  serve(handler: RequestHandler): void;
  close(): Promise<void>;
}

/** The setting that names the port, for the error when it is in use. */
type PortFlag = '--port' | '--admin-port';

export interface ListenerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  flag?: PortFlag;
  trustProxy?: TrustedProxies | undefined;
}

/** Listens before anything else is up, so that services know their address; responds 503 until they serve. */
export const openListener = async ({
  host,
  port,
  flag = '--port',
  trustProxy = [],
}: ListenerOptions): Promise<Listener> => {
  let handle: ((request: never, response: never) => void) | undefined;
  const inFlight = new Set<ServerResponse>();
  const server = createServer(REQUEST_TIMEOUTS, (request, response) => {
    inFlight.add(response);
    response.once('close', () => inFlight.delete(response));
    if (!server.listening) lastOnItsConnection(response);
    if (handle) handle(request as never, response as never);
    // Alive while it waits for migrations, say: the kubelet must not start it again.
    else if (flag === '--admin-port' && request.url === '/healthz') response.end('{"status":"alive"}');
    else
      response
        .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' })
        .end(JSON.stringify(STARTING.toBody()));
  });
  limitConnections(server, sharedAddress(trustProxy));
  explainRefusals(server);
  await listen(server, host, port, flag);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    serve: (handler) => (handle = handler as unknown as typeof handle),
    close: () => closeServer(server, inFlight),
  };
};

const STARTING = new Problem({
  code: 'STARTING',
  status: 503,
  title: 'Starting',
  detail: 'The platform is starting. Ask again in a second.',
});

const listen = (server: Server, host: string, port: number, flag: PortFlag): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is in use. Stop what runs there, or choose another with ${flag} (0 takes any free one).`,
            )
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });

/** The client opens a new connection for its next request, and so reaches a process that stays. */
const lastOnItsConnection = (response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader('connection', 'close');
};

const closeServer = (server: Server, inFlight: ReadonlySet<ServerResponse>): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    for (const response of inFlight) lastOnItsConnection(response);
    server.closeIdleConnections();
    // Connections that are busy now end with their answer; those that never end are cut.
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
  });
