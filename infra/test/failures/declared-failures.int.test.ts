import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { exampleOf } from '../../../microservices/chassis/contract/schema/example.ts';
import type { JsonSchema } from '../../../microservices/chassis/contract/schema/json-schema.ts';
import { Problem } from '../../../microservices/chassis/problem.ts';
import { allServices } from '../../platform/services.ts';
import { inLanes } from '../lanes.ts';
import { isDeclared } from '../operations/declared.ts';
import { startWholePlatform } from '../operations/platform.ts';
import { byTheOwnerOnly, ownerFor } from '../operations/recipes/index.ts';
import type { Sent } from '../operations/send.ts';
import type { Fields, Person, Workshop } from '../operations/workshop.ts';
import type { TestPlatform } from '../platform.ts';
import { withFailingNeighbours } from './failing-neighbours.ts';

const { services, requests } = withFailingNeighbours(allServices);
let platform: TestPlatform;
let workshop: Workshop;
let shopper: Person;

beforeAll(async () => {
  ({ platform, workshop } = await startWholePlatform({ services }));
  shopper = await workshop.person();
});
afterAll(() => platform.stop());

interface Attempt {
  correlationId: string;
  sent: Sent;
}

/** A request with which the operation succeeds, unless a service that it asks fails; it may be sent again. */
const prepare = async (title: string) => {
  const owner = await ownerFor(workshop, title, shopper);
  const input: Fields = await workshop.inputFor(title, owner);
  const credential = byTheOwnerOnly.has(title) ? owner.accessToken : platform.adminKey;
  return async (failure?: { asked: string; problem: Problem }): Promise<Attempt> => {
    const correlationId = randomUUID();
    if (failure) requests.fail(correlationId, failure.asked, failure.problem);
    return {
      correlationId,
      sent: await workshop.send(title, input, credential, { 'x-correlation-id': correlationId }),
    };
  };
};

/**
 * Failures that nobody can meet, because what is sent is fixed: then a fault is the right response. Every other failure
 * is one of the caller's.
 */
const CANNOT_HAPPEN: ReadonlySet<string> = new Set([
  // Groups ask for less than the longest time: both are constants.
  'orders.quoteOffer OFFER_TOO_LONG',
  // Services ask with a key.
  'catalog.resolvePrices GROUP_PRICES_NEED_A_KEY',
]);

/** The failures that an operation declares, each with data as its contract wants it. */
const failuresOf = (asked: string): Problem[] =>
  Object.entries(workshop.operation(asked).declared.errors).flatMap(([code, { status, title, data }]) => {
    if (CANNOT_HAPPEN.has(`${asked} ${code}`)) return [];
    const schema = data && (z.toJSONSchema(data, { unrepresentable: 'any' }) as JsonSchema);
    const resolve = (reference: string): JsonSchema => schema?.$defs?.[reference.replace('#/$defs/', '')] ?? {};
    return new Problem({ code, status, title, detail: title, data: schema && exampleOf(schema, resolve) });
  });

/** Failures of other services that requests met. */
let provoked = 0;

/** What an operation responds with when a service that it asks fails in each of the ways that its contract declares. */
const undeclaredOf = async (title: string): Promise<string[]> => {
  const first = await (await prepare(title))();
  if (first.sent.status >= 300) return [`${title}: ${first.sent.status} ${first.sent.text}`];
  const wrong: string[] = [];
  let send: Awaited<ReturnType<typeof prepare>> | undefined;
  for (const asked of requests.asked(first.correlationId))
    for (const problem of failuresOf(asked)) {
      const reaches = ({ correlationId }: Attempt): boolean => requests.asked(correlationId).includes(asked);
      let attempt = send && (await send({ asked, problem }));
      // What the last attempt acted on may be used up.
      if (!attempt || !reaches(attempt)) attempt = await (send = await prepare(title))({ asked, problem });
      // Some ask only the first time about a person, or when a response is late.
      if (reaches(attempt)) provoked += 1;
      const { status, text } = attempt.sent;
      if (status < 300) send = undefined;
      else if (!isDeclared(workshop.operation(title).declared, attempt.sent))
        wrong.push(`${title} where ${asked} fails with ${problem.code}: ${status} ${text}`);
    }
  return wrong;
};

// A failure of another service becomes one of the operation's own, in its contract and its words: what the caller can
// do about it.
test.each(allServices.map(({ contract }) => contract.domain))(
  'whatever other services fail with, operations of %s respond with what their contract declares',
  async (domain) => {
    const titles = [...workshop.operations.keys()].filter((title) => title.startsWith(`${domain}.`));
    const wrong = await inLanes(
      6,
      titles.map((title) => () => undeclaredOf(title)),
    );
    expect(wrong.flat()).toEqual([]);
  },
);

test('dozens of such failures were met', () => {
  expect(provoked).toBeGreaterThan(40);
});
