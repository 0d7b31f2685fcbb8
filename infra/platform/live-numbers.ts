import { createClient } from '../../microservices/chassis/client.ts';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import type { SharedResources } from '../../microservices/chassis/service.ts';
import { eventsContract } from '../../microservices/events/contract.ts';
import type { LiveNumber } from '../../microservices/gateway/landing.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import type { PlatformOptions } from './platform-options.ts';

const REMEMBERED_MS = 5_000;
const MINUTE_MS = 60_000;
/** As many dead letters as one request lists. */
const MOST = 200;

type Numbers = readonly LiveNumber[];

/** Numbers of the running shop for the first page, asked of the services that know them, at most every five seconds. */
export const liveNumbers = (options: PlatformOptions, resources: SharedResources): (() => Promise<Numbers>) => {
  const eventsAMinute = perMinute(async () => {
    const { values } = await resources.metrics.published.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  });
  const services = [...options.services, ...(options.remote ?? [])];
  const runs = ({ domain }: Contract): boolean => services.some(({ contract }) => contract.domain === domain);
  const ask = async (): Promise<Numbers> => {
    const read = await Promise.all([
      ...(runs(ordersContract) ? [ordersToday(resources)] : []),
      eventsAMinute().then((value) => [{ title: 'Events a minute', value, href: '/reference/events' }]),
      ...(runs(eventsContract) ? [journeysAndDeadLetters(resources)] : []),
    ]);
    return read.flat();
  };
  let last: { numbers: Promise<Numbers>; until: number } | undefined;
  return () => {
    if (!last || last.until < Date.now()) last = { numbers: ask(), until: Date.now() + REMEMBERED_MS };
    return last.numbers;
  };
};

const client = <Of extends Contract>(contract: Of, { urlOf, serviceKey }: SharedResources) =>
  createClient(contract, { url: urlOf(contract.domain), credential: serviceKey });

/** A service that does not respond leaves its number open; the page is shown all the same. */
const orNothing = (asked: Promise<number>): Promise<number | undefined> => asked.catch(() => undefined);

const ordersToday = async (resources: SharedResources): Promise<Numbers> => {
  const placedFrom = `${resources.now().toISOString().slice(0, 10)}T00:00:00.000Z`;
  const counted = client(ordersContract, resources).countOrders({ placedFrom });
  const value = await orNothing(counted.then(({ count }) => count));
  return [{ title: 'Orders today (UTC)', value, href: '/reference/orders' }];
};

const journeysAndDeadLetters = async (resources: SharedResources): Promise<Numbers> => {
  const events = client(eventsContract, resources);
  const [running, letters] = await Promise.all([
    orNothing(
      events.getJourneyMetrics({}).then(({ items }) => items.reduce((sum, one) => sum + one.running + one.waiting, 0)),
    ),
    orNothing(events.listDeadLetters({ state: 'waiting', limit: MOST }).then(({ items }) => items.length)),
  ]);
  return [
    { title: 'Journeys running', value: running, href: '/journeys' },
    { title: letters === MOST ? 'Dead letters (or more)' : 'Dead letters', value: letters, href: '/dead-letters' },
  ];
};

/** How much a counter grew in the minute before, by what it was when asked earlier. */
export const perMinute = (total: () => Promise<number>, now: () => number = Date.now): (() => Promise<number>) => {
  const seen = [{ at: now(), total: 0 }];
  return async () => {
    const current = { at: now(), total: await total() };
    seen.push(current);
    while (seen.length > 2 && (seen[1]?.at ?? 0) <= current.at - MINUTE_MS) seen.shift();
    const [before = current] = seen;
    const minutes = Math.max((current.at - before.at) / MINUTE_MS, 1);
    return Math.round((current.total - before.total) / minutes);
  };
};
