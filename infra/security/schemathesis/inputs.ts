import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inLanes } from '../../test/lanes.ts';
import { ownerFor } from '../../test/operations/recipes/index.ts';
import type { Fields, Workshop } from '../../test/operations/workshop.ts';

/**
 * Hands out inputs with which operations succeed, each on things that were made for it: `GET /orders.placeOrder`; with
 * `?again=yes` the one that was handed out first. 404 where there is none. One of each is made ahead.
 */
export const serveInputs = async (workshop: Workshop): Promise<{ url: string; close: () => Promise<void> }> => {
  const shopper = await workshop.person();
  const first = new Map<string, Promise<Fields>>();
  const ahead = new Map<string, Promise<Fields>>();
  const make = (title: string): Promise<Fields> => {
    const made = ownerFor(workshop, title, shopper).then((owner) => workshop.inputFor(title, owner));
    // Who asks for it learns why there is none.
    made.catch(() => undefined);
    return made;
  };
  /** The input that was made ahead, while the next one is being made. */
  const next = (title: string): Promise<Fields> => {
    const made = ahead.get(title) ?? make(title);
    ahead.set(title, make(title));
    return made;
  };
  const inputFor = (title: string, isAgain: boolean): Promise<Fields> => {
    const known = first.get(title);
    if (known) return isAgain ? known : next(title);
    const made = next(title);
    first.set(title, made);
    return made;
  };
  const prepared = inLanes(
    2,
    [...workshop.operations.keys()].map((title) => () => inputFor(title, true).catch(() => undefined)),
  );
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://inputs.invalid');
    inputFor(pathname.slice(1), searchParams.has('again')).then(
      (input) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(input)),
      (error: unknown) => response.writeHead(404).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await prepared;
      await Promise.allSettled(ahead.values());
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
