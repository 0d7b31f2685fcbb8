import { isQuery } from '../../microservices/chassis/contract/index.ts';
import { allServices } from '../platform/services.ts';
import { inLanes } from '../test/lanes.ts';
import { startWholePlatform } from '../test/operations/platform.ts';
import { byTheOwnerOnly, ownerFor } from '../test/operations/recipes/index.ts';
import { until } from '../test/operations/recipes/recipe.ts';
import type { Sent } from '../test/operations/send.ts';
import type { Fields, Person, Workshop } from '../test/operations/workshop.ts';
import type { TestPlatform } from '../test/platform.ts';
import { aboutNothing, expectedOf, namedIn, namesThings, outcomeOf, withoutIds, type CallerKind } from './access.ts';

/** Things that belong to whoever knows their id. */
const BEARER_THINGS: Readonly<Record<string, string>> = {
  'orders.mergeCart': 'a guest’s cart, which a customer takes over',
  'groups.openTeam': 'a campaign, which is for all customers',
  'groups.matchTeam': 'a campaign, which is for all customers',
  'groups.joinTeam': 'a team, which is for whoever has its link',
};

/** Need a password or a proved address, which guests do not have. */
const NOT_FOR_GUESTS: ReadonlySet<string> = new Set(['customers.changePassword', 'orders.claimOrders']);

let platform: TestPlatform;
let workshop: Workshop;
let shopper: Person;
let stranger: Person;
let guest: Person;
let withoutScope: string;
const keys = new Map<string, string>();

beforeAll(async () => {
  ({ platform, workshop } = await startWholePlatform());
  [shopper, stranger, guest] = await Promise.all([workshop.person(), workshop.person(), workshop.person('guest')]);
  const scopes = new Set([...workshop.operations.values()].map(({ declared }) => declared.access.scope));
  for (const scope of scopes) keys.set(scope, await keyFor(scope));
  withoutScope = await keyFor('nothing:read');
});
afterAll(() => platform.stop());

/**
 * Somebody else and a guest. Operations on accounts can end the session of whoever sends them, so there each gets its
 * own.
 */
const othersFor = async (title: string): Promise<[Person, Person]> =>
  title.startsWith('customers.') ? Promise.all([workshop.person(), workshop.person('guest')]) : [stranger, guest];

const keyFor = async (scope: string): Promise<string> =>
  (await workshop.make<{ key: string }>('customers.createApiKey', shopper, { scopes: [scope] })).key;

interface Made {
  owner: Person;
  input: Fields;
}

/** Input of an operation on things of an owner, who is named where that is possible. */
const make = async (title: string, kind?: 'guest'): Promise<Made> => {
  const owner = await (kind ? workshop.person(kind) : ownerFor(workshop, title, shopper));
  const { declared } = workshop.operation(title);
  return { owner, input: await workshop.inputFor(title, owner, namedIn(declared, owner.customerId)) };
};

/** The same input for another request, or one on new things where a request uses them up. */
const again = (title: string, made: Made): Made | Promise<Made> =>
  isQuery(workshop.operation(title).declared) ? made : make(title);

/**
 * Whether the recipe left the owner signed in: the things of somebody disabled or erased have an owner whose sessions
 * have ended.
 */
const isSignedIn = async ({ sessionId }: Person): Promise<boolean> =>
  (await workshop.run<{ live: boolean }>('customers.introspectSession', { sessionId })).live;

const isEnded = ({ status, text }: Sent): boolean => status === 401 && text.includes('This session has ended.');

/** What is wrong with how one operation treats each caller. */
const faultsOf = async (title: string): Promise<string[]> => {
  const { access } = workshop.operation(title).declared;
  const faults: string[] = [];
  const seen = (caller: CallerKind, sent: Sent): Sent => {
    const expected = expectedOf(access, caller);
    if (outcomeOf(sent) !== expected || sent.status >= 500)
      faults.push(`${title} by ${caller}: expected ${expected}, got ${sent.status} ${sent.text}`);
    return sent;
  };
  const succeeds = async (caller: CallerKind, { input }: Made, credential: string | undefined): Promise<void> => {
    const { status, text } = seen(caller, await workshop.send(title, input, credential));
    if (status >= 300) faults.push(`${title} by ${caller}: ${status} ${text} for ${JSON.stringify(input)}`);
  };
  const made = await make(title);
  const [another, visitor] = await othersFor(title);
  const isOwned = access.customer === true && namesThings(made.input) && !(title in BEARER_THINGS);
  const others: [CallerKind, string | undefined][] = [
    ['anonymous', undefined],
    ['a key without it', withoutScope],
    ['another customer', another.accessToken],
    ['a guest', visitor.accessToken],
  ];
  for (const [caller, credential] of others) {
    const { owner, input } = isOwned || expectedOf(access, caller) !== 'in' ? made : await again(title, made);
    const foreign = seen(caller, await workshop.send(title, input, credential));
    if (!isOwned || expectedOf(access, caller) !== 'in') continue;
    const nothing = await workshop.send(title, aboutNothing(input), credential);
    const [one, other] = [foreign, nothing].map(({ status, text }) => `${status} ${withoutIds(text)}`);
    if (foreign.status < 300 ? foreign.text.includes(owner.customerId) : one !== other)
      faults.push(`${title} by ${caller} on what is not theirs: ${one}. On what does not exist: ${other}`);
  }
  if (access.customer) {
    await succeeds('the customer', made, made.owner.accessToken);
    if (!NOT_FOR_GUESTS.has(title)) {
      const own = await make(title, 'guest');
      await succeeds('a guest', own, own.owner.accessToken);
    }
  } else {
    const isLive = await isSignedIn(made.owner);
    const byOwner = async (): Promise<Sent> => {
      const sent = await workshop.send(title, made.input, made.owner.accessToken);
      return isEnded(sent) && !isLive ? sent : seen('the customer', sent);
    };
    // Services learn of an end from an event: until then it is the contract that refuses.
    await until(`${title} refuses an ended session as that`, byOwner, (sent) => isLive || isEnded(sent));
  }
  if (!byTheOwnerOnly.has(title))
    await succeeds('a key with the scope', await again(title, made), keys.get(access.scope));
  await workshop.send(title, made.input, platform.access.serviceKey).then((sent) => seen('a service', sent));
  return faults;
};

const titlesOf = (domain: string): string[] =>
  [...workshop.operations.keys()].filter((title) => title.startsWith(`${domain}.`));

test.each(allServices.map(({ contract }) => contract.domain))(
  'each operation of %s lets in whom its contract names, and tells nobody what belongs to others',
  async (domain) => {
    const faults = await inLanes(
      6,
      titlesOf(domain).map((title) => () => faultsOf(title).catch((error: unknown) => [`${title}: ${String(error)}`])),
    );
    expect(faults.flat()).toEqual([]);
  },
);
