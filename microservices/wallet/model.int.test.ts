import fc from 'fast-check';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { Problem } from '../chassis/problem.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { newOwner, remote } from './testing.ts';

// Random commands go to the real service, over HTTP and SQL, and to the few lines of arithmetic below, which know
// nothing of its code. After each command both must say the same; after each run the audit must be clean.
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote });
});
afterAll(() => platform.stop());

const OWNERS = 3;
const CURRENCIES = ['EUR', 'JPY'];

interface ModelHold {
  id: string;
  purse: string;
  amount: number;
  captured: number;
  refunded: number;
  open: boolean;
}
/** Purse → what is on it; a purse is an owner and a currency. */
interface Model {
  balance: Map<string, number>;
  frozen: Set<string>;
  holds: ModelHold[];
}

const left = (hold: ModelHold): number => (hold.open ? hold.amount - hold.captured : 0);
const heldOn = (model: Model, purse: string): number =>
  model.holds.filter((hold) => hold.purse === purse).reduce((sum, hold) => sum + left(hold), 0);
const balanceOn = (model: Model, purse: string): number => model.balance.get(purse) ?? 0;
const change = (model: Model, purse: string, by: number): void =>
  void model.balance.set(purse, balanceOn(model, purse) + by);
/** Why the purse cannot give so much, or undefined. */
const cannotGive = (model: Model, purse: string, amount: number): string | undefined =>
  model.frozen.has(purse)
    ? 'ACCOUNT_FROZEN'
    : amount > balanceOn(model, purse) - heldOn(model, purse)
      ? 'INSUFFICIENT_FUNDS'
      : undefined;

const amount = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 120 }));
const owner = fc.nat(OWNERS - 1);
const currency = fc.constantFrom(...CURRENCIES);
const which = fc.nat(100);
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('topUp' as const), owner, currency, amount }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('payOut' as const), owner, currency, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('transfer' as const), owner, to: owner, currency, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hold' as const), owner, currency, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('capture' as const),
      which,
      amount: fc.option(amount),
      final: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refund' as const), which, amount }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('freeze' as const),
      owner,
      currency,
      frozen: fc.nat(2).map((number) => number === 0),
    }),
  },
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** What the model says comes of a command: 'ok' or the code of the refusal. It changes the model. */
const expected = (model: Model, given: Command, owners: readonly string[], holdId: () => string): string => {
  const purseOf = (index: number, of: string) => `${owners[index]} ${of}`;
  switch (given.do) {
    case 'topUp':
      change(model, purseOf(given.owner, given.currency), given.amount);
      return 'ok';
    case 'payOut': {
      const purse = purseOf(given.owner, given.currency);
      const refused = cannotGive(model, purse, given.amount);
      if (!refused) change(model, purse, -given.amount);
      return refused ?? 'ok';
    }
    case 'transfer': {
      if (given.owner === given.to) return 'SAME_OWNER';
      const purse = purseOf(given.owner, given.currency);
      const refused = cannotGive(model, purse, given.amount);
      if (refused) return refused;
      change(model, purse, -given.amount);
      change(model, purseOf(given.to, given.currency), given.amount);
      return 'ok';
    }
    case 'hold': {
      const purse = purseOf(given.owner, given.currency);
      const refused = cannotGive(model, purse, given.amount);
      if (refused) return refused;
      model.holds.push({ id: holdId(), purse, amount: given.amount, captured: 0, refunded: 0, open: true });
      return 'ok';
    }
    case 'freeze': {
      const purse = purseOf(given.owner, given.currency);
      if (given.frozen) model.frozen.add(purse);
      else model.frozen.delete(purse);
      return 'ok';
    }
    default:
      return expectedOfHold(model, given);
  }
};

const expectedOfHold = (model: Model, given: Extract<Command, { which: number }>): string => {
  const hold = model.holds[given.which % model.holds.length];
  if (!hold) return 'ok';
  switch (given.do) {
    case 'capture': {
      const taken = given.amount ?? left(hold);
      if (!hold.open) return 'ILLEGAL_STATE';
      if (taken > left(hold)) return 'CAPTURE_EXCEEDS_HOLD';
      hold.captured += taken;
      hold.open = !given.final && hold.captured < hold.amount;
      change(model, hold.purse, -taken);
      return 'ok';
    }
    case 'void': {
      if (!hold.open && hold.captured > 0) return 'ILLEGAL_STATE';
      hold.open = false;
      return 'ok';
    }
    case 'refund': {
      if (given.amount > hold.captured - hold.refunded) return 'REFUND_EXCEEDS_CAPTURE';
      hold.refunded += given.amount;
      change(model, hold.purse, given.amount);
      return 'ok';
    }
  }
};

const api = () => platform.client(walletContract);

/** Does the command for real; answers the new hold's id when there is one. */
const perform = async (
  given: Command,
  owners: readonly string[],
  holds: readonly ModelHold[],
): Promise<string | undefined> => {
  const ownerAt = (index: number) => owners[index] ?? '';
  switch (given.do) {
    case 'topUp':
      await api().topUp({
        ownerId: ownerAt(given.owner),
        amount: { amount: given.amount, currency: given.currency },
        reference: newId('pay'),
      });
      return undefined;
    case 'payOut':
      await api().payOut({
        ownerId: ownerAt(given.owner),
        amount: { amount: given.amount, currency: given.currency },
        reference: newId('out'),
      });
      return undefined;
    case 'transfer': {
      const money = { amount: given.amount, currency: given.currency };
      await api().transfer({
        fromOwnerId: ownerAt(given.owner),
        toOwnerId: ownerAt(given.to),
        amount: money,
        reference: 'm',
      });
      return undefined;
    }
    case 'hold': {
      const money = { amount: given.amount, currency: given.currency };
      return (await api().authorizeHold({ ownerId: ownerAt(given.owner), amount: money, reference: newId('ord') })).id;
    }
    case 'freeze': {
      const { id: accountId } = await api().openAccount({ ownerId: ownerAt(given.owner), currency: given.currency });
      await (given.frozen ? api().freezeAccount({ accountId, reason: 'model' }) : api().unfreezeAccount({ accountId }));
      return undefined;
    }
    default:
      await performOnHold(given, holds);
      return undefined;
  }
};

/** What came of it: 'ok', with the new hold's id when there is one, or the code of the refusal. */
const attempt = async (given: Command, owners: readonly string[], holds: readonly ModelHold[]) => {
  try {
    return { outcome: 'ok', made: await perform(given, owners, holds) };
  } catch (error) {
    if (error instanceof Problem) return { outcome: error.code, made: undefined };
    throw error;
  }
};

let refunds = 0;
const performOnHold = async (
  given: Extract<Command, { which: number }>,
  holds: readonly ModelHold[],
): Promise<void> => {
  const hold = holds[given.which % holds.length];
  if (!hold) return;
  const moneyOf = (units: number) => ({ amount: units, currency: hold.purse.slice(-3) });
  switch (given.do) {
    case 'capture':
      await api().captureHold({
        holdId: hold.id,
        amount: given.amount === null ? undefined : moneyOf(given.amount),
        final: given.final,
      });
      return;
    case 'void':
      await api().voidHold({ holdId: hold.id });
      return;
    case 'refund':
      refunds += 1;
      await api().refundCapture({
        holdId: hold.id,
        amount: moneyOf(given.amount),
        reason: 'model',
        reference: `rfd_${refunds}`,
      });
  }
};

test('the service and a model of a few lines agree on every command and every balance', async () => {
  let commands = 0;
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 60, size: 'max' }), async (given) => {
      const owners = Array.from({ length: OWNERS }, newOwner);
      const model: Model = { balance: new Map(), frozen: new Set(), holds: [] };
      for (const one of given) {
        commands += 1;
        const holds = [...model.holds];
        const { outcome, made } = await attempt(one, owners, holds);
        seen.add(`${one.do} ${outcome}`);
        expect({ ...one, outcome }).toEqual({ ...one, outcome: expected(model, one, owners, () => made ?? 'none') });
      }
      await expectSameBalances(model, owners);
      expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
    }),
    { numRuns: 25 },
  );
  expect(commands).toBeGreaterThan(300);
  // Money must really have moved and been refused, or the agreement proves little.
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'capture ok',
      'hold INSUFFICIENT_FUNDS',
      'hold ok',
      'payOut ok',
      'refund ok',
      'transfer ok',
      'void ok',
    ]),
  );
});

const expectSameBalances = async (model: Model, owners: readonly string[]): Promise<void> => {
  for (const ownerId of owners) {
    const { items } = await api().getBalance({ ownerId });
    for (const { currency: of, balance, held, available } of items) {
      const purse = `${ownerId} ${of}`;
      const should = { balance: balanceOn(model, purse), held: heldOn(model, purse) };
      expect({ purse, balance, held, available }).toEqual({
        purse,
        ...should,
        available: should.balance - should.held,
      });
    }
    const shown = new Set(items.map((item) => `${ownerId} ${item.currency}`));
    const missing = [...model.balance.keys()].filter((purse) => purse.startsWith(ownerId) && !shown.has(purse));
    expect(missing).toEqual([]);
  }
};
