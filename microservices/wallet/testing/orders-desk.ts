import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The part of an order that the wallet asks for. */
interface KnownOrder {
  state: string;
  refunds: { id: string; holdId: string | null; amount: { amount: number; currency: string } }[];
}

/** Orders as the wallet sees them: what is known of an order, by its id, as "Get order" returns it. */
export interface OrdersDesk {
  url: string;
  /** Notes the state that an order has from now on. */
  ended(orderId: string, state: 'cancelled' | 'rejected'): void;
  issued(orderId: string, refund: KnownOrder['refunds'][number]): void;
  /** Every request gets 503 until this is called with false, as while orders are restarted. */
  close(isClosed: boolean): void;
  /** How many requests came while it was closed. */
  turnedAway(): number;
  stop(): Promise<void>;
}

export const openOrdersDesk = async (): Promise<OrdersDesk> => {
  const known = new Map<string, KnownOrder>();
  const orderOf = (orderId: string): KnownOrder => {
    const order = known.get(orderId) ?? { state: 'confirmed', refunds: [] };
    known.set(orderId, order);
    return order;
  };
  let closed = false;
  let turnedAway = 0;
  const server = createServer((request, response) => {
    const order = known.get(request.url?.split('/').at(-1) ?? '');
    if (closed) turnedAway += 1;
    const [status, code] = closed ? [503, 'UNAVAILABLE'] : [404, 'ORDER_NOT_FOUND'];
    const problem = { type: 'about:blank', title: code, status, detail: code, code };
    response
      .writeHead(closed || !order ? status : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(closed || !order ? problem : order));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ended: (orderId, state) => void (orderOf(orderId).state = state),
    issued: (orderId, refund) => void orderOf(orderId).refunds.push(refund),
    close: (isClosed) => void (closed = isClosed),
    turnedAway: () => turnedAway,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
