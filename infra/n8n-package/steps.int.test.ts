import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { newExecution, type RunOptions } from './testing/canvas.ts';
import { agent, commerceNode, eventItem, startShop, trigger } from './testing/shop.ts';

let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

interface Gift {
  owner: string;
  amount: number;
}

const topUp = (more: IDataObject = {}) =>
  commerceNode('Wallet', 'wallet', 'topUp', {
    ownerId: { __rl: true, mode: 'id', value: '={{ $json.owner }}' },
    amount: '={{ $json.amount }}',
    amountCurrency: 'EUR',
    reference: '={{ $json.reference ?? "gift" }}',
    ...more,
  });

/** One attempt of the journey: the event, a list that was fetched, a top-up for each of its items. */
const attempt = (event: string, list: (Gift & { reference?: string })[], more: RunOptions = {}, node = topUp()) =>
  shop.canvas.run([trigger, node], {
    before: [eventItem(event)],
    items: list.map((json) => ({ json: { ...json } })),
    ...more,
  });

const someone = () => `cus-${randomUUID()}`;
const fresh = () => `at-${process.hrtime.bigint()}`;

test('a list that changes between attempts: every item once, none lost', async () => {
  const [a, b, c] = [someone(), someone(), someone()];
  const event = randomUUID();
  await attempt(
    event,
    [a, b].map((owner) => ({ owner, amount: 500 })),
  );
  await attempt(
    event,
    [c, a, b].map((owner) => ({ owner, amount: 500 })),
  );
  expect(await Promise.all([a, b, c].map(shop.balance))).toEqual([500, 500, 500]);
});

test('a reference that is new in each attempt: the first answer again', async () => {
  const owner = someone();
  const event = randomUUID();
  const node = topUp({ reference: '=at-{{ $now.toMillis() }}-{{ Math.random() }}' });
  const [first] = await attempt(event, [{ owner, amount: 500 }], {}, node);
  const [again] = await attempt(event, [{ owner, amount: 500 }], {}, node);
  expect(again?.json).toEqual(first?.json);
  expect(await shop.balance(owner)).toBe(500);
});

test('both at once: items move, others come, and every reference is new', async () => {
  const [a, b, c] = [someone(), someone(), someone()];
  const event = randomUUID();
  const all = (...owners: string[]) => owners.map((owner) => ({ owner, amount: 500, reference: fresh() }));
  await attempt(event, all(a, b));
  await attempt(event, all(c, b, a));
  await attempt(event, all(b, c));
  expect(await Promise.all([a, b, c].map(shop.balance))).toEqual([500, 500, 500]);
});

test('passes of a loop are no part of it: an item keeps its answer in whatever pass it comes', async () => {
  const [a, b, c] = [someone(), someone(), someone()];
  const event = randomUUID();
  const loop = async (...owners: string[]) => {
    const execution = newExecution();
    for (const [runIndex, owner] of owners.entries())
      await attempt(event, [{ owner, amount: 500 }], { execution, runIndex });
  };
  await loop(a, b, a);
  await loop(c, a, b, a);
  expect(await Promise.all([a, b, c].map(shop.balance))).toEqual([1000, 500, 500]);
});

test('n8n’s retry of a node in the same pass repeats nothing', async () => {
  const owner = someone();
  const event = randomUUID();
  const execution = newExecution();
  const list = [
    { owner, amount: 500 },
    { owner, amount: 500 },
    { owner, amount: -1 },
  ];
  for (let tries = 0; tries < 3; tries += 1)
    await expect(attempt(event, list, { execution })).rejects.toMatchObject({ httpCode: '400' });
  expect(await shop.balance(owner)).toBe(1000);
});

test('whatever the order, whoever comes or goes: each wanted gift once', async () => {
  const gift = fc.record({ owner: fc.nat({ max: 2 }), amount: fc.integer({ min: 1, max: 3 }) });
  const attempts = fc
    .array(gift, { minLength: 1, maxLength: 5 })
    .chain((all) => fc.tuple(fc.constant(all), fc.array(fc.shuffledSubarray(all), { minLength: 1, maxLength: 3 })));
  await fc.assert(
    fc.asyncProperty(attempts, async ([all, subsets]) => {
      const owners = [someone(), someone(), someone()];
      const event = randomUUID();
      const named = (gifts: { owner: number; amount: number }[]): Gift[] =>
        gifts.map(({ owner, amount }) => ({ owner: owners[owner] ?? '', amount }));
      for (const subset of [...subsets.filter(({ length }) => length > 0), all]) await attempt(event, named(subset));
      const wanted = owners.map((_, owner) =>
        all.filter((one) => one.owner === owner).reduce((sum, { amount }) => sum + amount, 0),
      );
      expect(await Promise.all(owners.map(shop.balance))).toEqual(wanted);
    }),
    { numRuns: 25 },
  );
});

test('whatever the order, each owner once when every text is new in each attempt', async () => {
  const lists = fc.array(fc.shuffledSubarray([0, 1, 2, 3]), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(lists, async (orders) => {
      const owners = [someone(), someone(), someone(), someone()];
      const event = randomUUID();
      for (const order of orders)
        await attempt(
          event,
          order.map((owner) => ({ owner: owners[owner] ?? '', amount: 7, reference: fresh() })),
        );
      const seen = new Set(orders.flat());
      expect(await Promise.all(owners.map(shop.balance))).toEqual(owners.map((_, owner) => (seen.has(owner) ? 7 : 0)));
    }),
    { numRuns: 15 },
  );
});

test('an agent’s tool acts once for an event, however often the trigger tries', async () => {
  const [a, b] = [someone(), someone()];
  const event = randomUUID();
  const call = (owner: string, runIndex: number, execution = newExecution()) =>
    shop.canvas.run(
      [trigger, agent, topUp({ ownerId: { __rl: true, mode: 'id', value: owner }, amount: 500, reference: 'gift' })],
      {
        before: [eventItem(event)],
        items: [{ json: { toolCallId: randomUUID() } }],
        tool: true,
        runIndex,
        execution,
      },
    );
  const journey = async (...owners: string[]) => {
    const execution = newExecution();
    for (const [runIndex, owner] of owners.entries()) await call(owner, runIndex, execution);
  };
  await journey(a, b, a);
  await journey(b, a, a);
  expect(await Promise.all([a, b].map(shop.balance))).toEqual([1000, 500]);
});

test('run by hand in the editor, the same event acts anew with a corrected value; a retry of that execution does not', async () => {
  const owner = someone();
  const event = randomUUID();
  await attempt(event, [{ owner, amount: 500 }], { mode: 'manual' });
  const execution = newExecution();
  await attempt(event, [{ owner, amount: 70 }], { mode: 'manual', execution });
  expect(await shop.balance(owner)).toBe(570);
  await attempt(event, [{ owner, amount: 70 }], {
    mode: 'retry',
    execution: { ...newExecution(), data: execution.data },
  });
  expect(await shop.balance(owner)).toBe(570);
});

test('a fixed key of one’s own says that it counts for all events', async () => {
  const node = topUp({ options: { idempotencyKey: `bonus-${randomUUID()}` } });
  await attempt(randomUUID(), [{ owner: someone(), amount: 500 }], {}, node);
  const failed: unknown = await attempt(randomUUID(), [{ owner: someone(), amount: 500 }], {}, node).catch(
    (error: unknown) => error,
  );
  expect(failed).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  expect((failed as Error).message).toContain('counts for all events and executions');
});
