import fc from 'fast-check';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import { ordersContract } from '../../../microservices/orders/contract.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import { isQuery, takesVersion } from '../../../microservices/chassis/contract/index.ts';
import { allServices } from '../../platform/services.ts';
import { inLanes } from '../lanes.ts';
import { isDeclared } from '../operations/declared.ts';
import { inputSchemaOf } from '../operations/input-schema.ts';
import { startWholePlatform } from '../operations/platform.ts';
import { byTheOwnerOnly, ownerFor } from '../operations/recipes/index.ts';
import type { Sent } from '../operations/send.ts';
import type { Fields, Person, Workshop } from '../operations/workshop.ts';
import type { TestPlatform } from '../platform.ts';
import { fitting, spoiled, type KnownIds } from './inputs.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 4);
const LANES = 6;

let platform: TestPlatform;
let workshop: Workshop;
let shopper: Person;
/** Inputs made for each operation before any hostile one came: later the things that they need may be gone. */
const madeFor = new Map<string, { owner: Person; input: Fields }>();
const known: KnownIds = { ids: new Map(), skus: ['LANTERN-01', 'MUG-BLUE', 'TEA-GREEN'] };

beforeAll(async () => {
  console.log(`FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}`);
  ({ platform, workshop } = await startWholePlatform());
  shopper = await workshop.person();
});
afterAll(() => platform.stop());

/** Remembers what an answer named, for later inputs. */
const learn = (text: string): void => {
  for (const [id, prefix] of text.matchAll(/\b([a-z]{3})_[0-9a-f]{32}\b/g)) {
    if (!prefix) continue;
    const ids = known.ids.get(prefix) ?? [];
    if (ids.length < 50 && !ids.includes(id)) known.ids.set(prefix, [...ids, id]);
  }
};

/** Undefined for a result or a refusal that the contract declares; otherwise what is wrong with the answer. */
const faultIn = (title: string, sent: Sent): string | undefined => {
  const { status, headers, text } = sent;
  if (status >= 500) return `${status} ${text}`;
  if (status < 400) return undefined;
  const type = headers.get('content-type') ?? 'nothing';
  if (!type.startsWith('application/problem+json')) return `${status} as ${type}: ${text.slice(0, 200)}`;
  return isDeclared(workshop.operation(title).declared, sent) ? undefined : `undeclared: ${status} ${text}`;
};

const credentialFor = (title: string, owner: Person): string =>
  byTheOwnerOnly.has(title) ? owner.accessToken : platform.adminKey;

const makeFor = async (title: string) => {
  const owner = await ownerFor(workshop, title, shopper);
  return { owner, input: await workshop.inputFor(title, owner) };
};

/** How an operation refuses an input that is made for it; undefined where it takes it. */
const missed = async (title: string): Promise<string | undefined> => {
  try {
    const made = await makeFor(title);
    const { owner, input } = made;
    // A command may use up what was made for it.
    madeFor.set(title, isQuery(workshop.operation(title).declared) ? made : await makeFor(title));
    const { status, text } = await workshop.send(title, input, credentialFor(title, owner));
    return status < 300 ? undefined : `${title}: ${status} ${text} for ${JSON.stringify(input)}`;
  } catch (error) {
    return `${title}: ${String(error)}`;
  }
};

/** Every fault that inputs provoke, with the input. */
const provoke = async (title: string): Promise<object[]> => {
  const { owner, input: good } = madeFor.get(title) ?? { owner: shopper, input: {} };
  const schema = inputSchemaOf(workshop.operation(title).declared);
  const inputs = [
    ...fc.sample(spoiled(fc.constant(good)), { numRuns: RUNS, seed: SEED }),
    ...fc.sample(fitting(schema, known), { numRuns: RUNS, seed: SEED }),
    ...fc.sample(spoiled(fitting(schema, known)), { numRuns: RUNS, seed: SEED }),
  ];
  const faults: object[] = [];
  for (const tried of inputs) {
    const sent = await workshop.send(title, tried, credentialFor(title, owner));
    learn(sent.text);
    const fault = faultIn(title, sent);
    if (fault !== undefined) faults.push({ title, input: tried, fault });
  }
  return faults;
};

const domains = allServices.map(({ contract }) => contract.domain);
const titlesOf = (domain: string): string[] =>
  [...workshop.operations.keys()].filter((title) => title.startsWith(`${domain}.`));

// A new operation that needs more than its contract tells fails here: give it a recipe in
// infra/test/operations/recipes.
test.each(domains)('every operation of %s succeeds on things that other operations made', async (domain) => {
  const reached = await inLanes(
    LANES,
    titlesOf(domain).map((title) => () => missed(title)),
  );
  expect(reached.filter((refusal) => refusal !== undefined)).toEqual([]);
});

test('every change of a version that is not there any more is refused with 412', async () => {
  const titles = [...workshop.operations].filter(([, { declared }]) => takesVersion(declared)).map(([title]) => title);
  expect(titles.length).toBeGreaterThan(15);
  const refusals = await inLanes(
    LANES,
    titles.map((title) => async () => {
      const { owner, input } = await makeFor(title);
      const sent = await workshop.send(title, input, credentialFor(title, owner), { 'if-match': '"1000000"' });
      return [title, sent.status];
    }),
  );
  expect(refusals).toEqual(titles.map((title) => [title, 412]));
});

test.each(domains)(
  'whatever is sent to %s, the answer is a result or a problem that the contract declares',
  async (domain) => {
    const faults = await inLanes(
      LANES,
      titlesOf(domain).map((title) => () => provoke(title)),
    );
    expect(faults.flat()).toEqual([]);
  },
);

test('after all that, stock, ledger and orders are exact', async () => {
  const [stock, ledger, orders] = await Promise.all([
    platform.client(inventoryContract).auditStock({}),
    platform.client(walletContract).auditLedger({}),
    platform.client(ordersContract).auditOrders({}),
  ]);
  expect([stock.problems, ledger.problems, orders.problems]).toEqual([[], [], []]);
});
