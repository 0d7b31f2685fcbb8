import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver of events on this machine: what it takes and what it refuses stays so, whatever is sent. */
export interface Receiver {
  /** Takes everything. */
  taking: string;
  /** Refuses everything for good. */
  refusing: string;
  close(): Promise<void>;
}

const REFUSING = '/refusing';

export const startReceiver = async (): Promise<Receiver> => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(request.url === REFUSING ? 422 : 204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    taking: `${url}/taking`,
    refusing: `${url}${REFUSING}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
