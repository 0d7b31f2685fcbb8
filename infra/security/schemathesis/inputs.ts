import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ownerFor } from '../../test/operations/recipes/index.ts';
import type { Fields, Workshop } from '../../test/operations/workshop.ts';

/**
 * Hands out inputs with which operations succeed, each on things that were made for it: `GET /orders.placeOrder`; with
 * `?again=yes` the one that was handed out first. 404 where there is none.
 */
export const serveInputs = async (workshop: Workshop): Promise<{ url: string; close: () => Promise<void> }> => {
  const shopper = await workshop.person();
  const first = new Map<string, Promise<Fields>>();
  const make = async (title: string): Promise<Fields> =>
    workshop.inputFor(title, await ownerFor(workshop, title, shopper));
  const inputFor = (title: string, isAgain: boolean): Promise<Fields> => {
    const known = first.get(title);
    if (known && isAgain) return known;
    const made = make(title);
    if (!known) first.set(title, made);
    return made;
  };
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
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
