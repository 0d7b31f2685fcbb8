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

interface Change {
  sku: string;
  units: number;
  reason?: string;
}

/** Money for an owner: every item a reference of its own, because the wallet books a reference once. */
const topUp = (reference: string) =>
  commerceNode('Wallet', 'wallet', 'topUp', {
    ownerId: { __rl: true, mode: 'id', value: '={{ $json.owner }}' },
    amount: 500,
    amountCurrency: 'EUR',
    reference,
  });

/** Units onto the shelf: nothing but the key keeps a repeat from acting. */
const adjust = (more: IDataObject = {}) =>
  commerceNode('Inventory', 'stock', 'adjust', {
    sku: { __rl: true, mode: 'id', value: '={{ $json.sku }}' },
    locationId: { __rl: true, mode: 'id', value: shop.locationId },
    change: '={{ $json.units }}',
    reason: '={{ $json.reason ?? "found" }}',
    ...more,
  });

/** One attempt of a journey: the event, a list that was fetched, a node for each of its items. */
const attempt = (event: string, list: object[], more: RunOptions = {}, node = adjust()) =>
  shop.canvas.run([trigger, node], {
    before: [eventItem(event)],
    items: list.map((json) => ({ json: { ...json } })),
    ...more,
  });

const something = () => `SKU-${randomUUID()}`;
const someone = () => `cus-${randomUUID()}`;
const fresh = () => `at-${process.hrtime.bigint()}`;
const onShelf = (...skus: string[]) => Promise.all(skus.map(shop.onShelf));

test('a list that changes between attempts: every item once, none lost', async () => {
  const owners = [someone(), someone(), someone()];
  const [a = '', b = '', c = ''] = owners;
  const event = randomUUID();
  const node = topUp('=gift-{{ $json.owner }}');
  await attempt(
    event,
    [a, b].map((owner) => ({ owner })),
    {},
    node,
  );
  await attempt(
    event,
    [c, a, b].map((owner) => ({ owner })),
    {},
    node,
  );
  expect(await Promise.all(owners.map(shop.balance))).toEqual([500, 500, 500]);
});

test('a reference that is new in each attempt: the first answer again', async () => {
  const owner = someone();
  const event = randomUUID();
  const node = topUp('=at-{{ $now.toMillis() }}-{{ Math.random() }}');
  const [first] = await attempt(event, [{ owner }], {}, node);
  const [again] = await attempt(event, [{ owner }], {}, node);
  expect(again?.json).toEqual(first?.json);
  expect(await shop.balance(owner)).toBe(500);
});

test('both at once: items move, others come, and every reason is new', async () => {
  const skus = [something(), something(), something()];
  const [a = '', b = '', c = ''] = skus;
  const event = randomUUID();
  const all = (...of: string[]) => of.map((sku): Change => ({ sku, units: 5, reason: fresh() }));
  await attempt(event, all(a, b));
  await attempt(event, all(c, b, a));
  await attempt(event, all(b, c));
  expect(await onShelf(...skus)).toEqual([5, 5, 5]);
});

test('passes of a loop are no part of it: an item keeps its answer in whatever pass it comes', async () => {
  const skus = [something(), something(), something()];
  const [a = '', b = '', c = ''] = skus;
  const event = randomUUID();
  const loop = async (...of: string[]) => {
    const execution = newExecution();
    for (const [runIndex, sku] of of.entries()) await attempt(event, [{ sku, units: 5 }], { execution, runIndex });
  };
  await loop(a, b, a);
  await loop(c, a, b, a);
  expect(await onShelf(...skus)).toEqual([10, 5, 5]);
});

test('n8n’s retry of a node in the same pass repeats nothing', async () => {
  const sku = something();
  const event = randomUUID();
  const execution = newExecution();
  const list = [5, 5, 0].map((units): Change => ({ sku, units }));
  for (let tries = 0; tries < 3; tries += 1)
    await expect(attempt(event, list, { execution })).rejects.toMatchObject({ httpCode: '400' });
  expect(await shop.onShelf(sku)).toBe(10);
});

test('whatever the order, whoever comes or goes: each wanted change once', async () => {
  const change = fc.record({ of: fc.nat({ max: 2 }), units: fc.integer({ min: 1, max: 3 }) });
  const attempts = fc
    .array(change, { minLength: 1, maxLength: 5 })
    .chain((all) => fc.tuple(fc.constant(all), fc.array(fc.shuffledSubarray(all, { minLength: 1 }), { maxLength: 3 })));
  await fc.assert(
    fc.asyncProperty(attempts, async ([all, parts]) => {
      const skus = [something(), something(), something()];
      const event = randomUUID();
      for (const part of [...parts, all, all.toReversed()])
        await attempt(
          event,
          part.map(({ of, units }): Change => ({ sku: skus[of] ?? '', units })),
        );
      const wanted = skus.map((_, index) =>
        all.filter(({ of }) => of === index).reduce((sum, { units }) => sum + units, 0),
      );
      expect(await onShelf(...skus)).toEqual(wanted);
    }),
    { numRuns: 25 },
  );
});

test('whatever the order, each thing once when every text is new in each attempt', async () => {
  const lists = fc.array(fc.shuffledSubarray([0, 1, 2, 3]), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(lists, async (orders) => {
      const skus = [something(), something(), something(), something()];
      const event = randomUUID();
      for (const order of orders)
        await attempt(
          event,
          order.map((of): Change => ({ sku: skus[of] ?? '', units: 7, reason: fresh() })),
        );
      const seen = new Set(orders.flat());
      expect(await onShelf(...skus)).toEqual(skus.map((_, index) => (seen.has(index) ? 7 : 0)));
    }),
    { numRuns: 15 },
  );
});

test('an agent’s tool acts once for an event, however often the trigger tries', async () => {
  const skus = [something(), something()];
  const [a = '', b = ''] = skus;
  const event = randomUUID();
  const journey = async (...of: string[]) => {
    const execution = newExecution();
    for (const [runIndex, sku] of of.entries()) {
      const tool = adjust({ sku: { __rl: true, mode: 'id', value: sku }, change: 5, reason: 'the model said so' });
      const call = { items: [{ json: { toolCallId: randomUUID() } }], before: [eventItem(event)] };
      await shop.canvas.run([trigger, agent, tool], { ...call, tool: true, runIndex, execution });
    }
  };
  await journey(a, b, a);
  await journey(b, a, a);
  expect(await onShelf(...skus)).toEqual([10, 5]);
});

test('run by hand in the editor, the same event acts anew with a corrected value; a retry of that does not', async () => {
  const sku = something();
  const event = randomUUID();
  await attempt(event, [{ sku, units: 500 }], { mode: 'manual' });
  const execution = newExecution();
  await attempt(event, [{ sku, units: 70 }], { mode: 'manual', execution });
  expect(await shop.onShelf(sku)).toBe(570);
  const retried = { ...newExecution(), data: execution.data };
  await attempt(event, [{ sku, units: 70 }], { mode: 'retry', execution: retried });
  expect(await shop.onShelf(sku)).toBe(570);
});

test('a fixed key of one’s own says that it counts for all events', async () => {
  const node = adjust({ options: { idempotencyKey: `bonus-${randomUUID()}` } });
  await attempt(randomUUID(), [{ sku: something(), units: 5 }], {}, node);
  const second = attempt(randomUUID(), [{ sku: something(), units: 5 }], {}, node);
  const failed: unknown = await second.catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  expect((failed as Error).message).toContain('counts for all events and executions');
});
