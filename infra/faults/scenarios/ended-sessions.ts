import { randomUUID } from 'node:crypto';
import { createClient } from '../../../microservices/chassis/client.ts';
import { tally } from '../../../microservices/chassis/testing/tally.ts';
import { untilWithin } from '../../../microservices/chassis/testing/until.ts';
import { customersContract } from '../../../microservices/customers/contract.ts';
import { ordersContract } from '../../../microservices/orders/contract.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import type { Scenario } from '../scenario.ts';

const TRIES = 20;

/**
 * kill -9 of the process that keeps the sessions, right after it has ended one and before others may have learned of
 * it. The orders process lets nothing through with the old token, neither while sessions cannot be asked (503) nor
 * afterwards (401), when it was killed too.
 */
export const endedSessions: Scenario = {
  name: 'sessions end and their process is killed',
  ordersSettle: false,
  run: async (platform, size) => {
    const counts = { ends: size === 'full' ? 10 : 1, refusedMeanwhile: 0, refusedAfterwards: 0 };
    const problems: string[] = [];
    for (let end = 0; end < counts.ends; end += 1) {
      const token = await endAndKill(platform);
      await untilRefused(platform, token, ['UNAUTHENTICATED', 'UNAVAILABLE']);
      const meanwhile = await shopWith(platform, token);
      await platform.shared.start();
      await untilRefused(platform, token, ['UNAUTHENTICATED']);
      await platform.orders.kill();
      await platform.orders.start();
      const afterwards = await shopWith(platform, token);
      counts.refusedMeanwhile += refusals(meanwhile);
      counts.refusedAfterwards += afterwards['UNAUTHENTICATED'] ?? 0;
      if (refusals(meanwhile) !== TRIES) problems.push(`while sessions were away: ${JSON.stringify(meanwhile)}`);
      if (afterwards['UNAUTHENTICATED'] !== TRIES) problems.push(`afterwards: ${JSON.stringify(afterwards)}`);
    }
    return { counts, problems };
  },
};

/** The token of a session that has ended the moment before its process was killed; it worked in the orders process. */
const endAndKill = async (platform: PlatformUnderTest): Promise<string> => {
  const nobody = createClient(customersContract, { url: platform.url });
  const { session } = await nobody.createGuest({ email: `${randomUUID()}@example.org` });
  const own = createClient(customersContract, { url: platform.url, credential: session.accessToken });
  await shopping(platform, session.accessToken).createCart({ currency: 'EUR' });
  await own.signOut({ everywhere: true });
  await platform.shared.kill();
  return session.accessToken;
};

const shopping = (platform: PlatformUnderTest, credential: string) =>
  createClient(ordersContract, { url: platform.ordersUrl, credential, attempts: 1 });

const shopWith = (platform: PlatformUnderTest, token: string): Promise<Record<string, number>> =>
  tally(Array.from({ length: TRIES }, () => shopping(platform, token).createCart({ currency: 'EUR' })));

const refusals = ({ UNAUTHENTICATED = 0, UNAVAILABLE = 0 }: Record<string, number>): number =>
  UNAUTHENTICATED + UNAVAILABLE;

/** A session that was let in a moment before is asked about again after a second. */
const untilRefused = (platform: PlatformUnderTest, token: string, by: readonly string[]): Promise<unknown> =>
  untilWithin(60_000)(
    'the old token is refused',
    () => tally([shopping(platform, token).listCarts({})]),
    (outcome) => by.some((code) => outcome[code] === 1),
  );
