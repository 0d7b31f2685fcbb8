import { createServer, type Server } from 'node:http';
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

/** The public port of a process. */
export interface Listener {
  url: string;
  serve(handler: RequestHandler): void;
  close(): Promise<void>;
}

/** Listens before anything else is up, so that services know their address; responds 503 until they serve. */
export const openListener = async (host: string, port: number, trustProxy: TrustedProxies = []): Promise<Listener> => {
  let handle: ((request: never, response: never) => void) | undefined;
  const server = createServer(REQUEST_TIMEOUTS, (request, response) => {
    if (handle) handle(request as never, response as never);
    else
      response
        .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' })
        .end(JSON.stringify(STARTING.toBody()));
  });
  limitConnections(server, sharedAddress(trustProxy));
  explainRefusals(server);
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    serve: (handler) => (handle = handler as unknown as typeof handle),
    close: () => closeServer(server),
  };
};

const STARTING = new Problem({
  code: 'STARTING',
  status: 503,
  title: 'Starting',
  detail: 'The platform is starting. Ask again in a second.',
});

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is in use. Stop what runs there, or choose another with --port (0 takes any free one).`,
            )
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Keep-alive connections that are busy now become idle after their answer; those that never end are cut.
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
  });
