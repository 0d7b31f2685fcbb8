import { randomUUID } from 'node:crypto';
import { onceKeyOf } from '../../nodes/run/once-key.ts';
import { newExecution } from './testing/canvas.ts';
import { commerceNode, eventItem, startShop, trigger } from './testing/shop.ts';

let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const once = (more: object = {}, operation = 'once') =>
  commerceNode('Event', 'event', operation, { step: 'supplier order', additionalFields: { ...more } });

/** How many items left by "First Time" and by "Seen Before". */
const counts = async (...[nodes, run]: Parameters<typeof shop.canvas.outputs>) =>
  (await shop.canvas.outputs(nodes, run)).map(({ length }) => length);

test('the first attempt for an event leaves by First Time, every other by Seen Before', async () => {
  const items = [eventItem(randomUUID())];
  const execution = newExecution();
  expect(await counts([trigger, once()], { items, execution })).toEqual([1, 0]);
  // n8n's Retry of the same execution, whose response may have been lost.
  const retried = { id: `${execution.id}-retried`, data: execution.data };
  expect(await counts([trigger, once()], { items, execution: retried })).toEqual([1, 0]);
  // The trigger's next attempt.
  expect(await counts([trigger, once()], { items })).toEqual([0, 1]);
  expect(await counts([trigger, once()], { items: [eventItem(randomUUID())] })).toEqual([1, 0]);
});

test('its key is the once key that the trigger gives, and with a key of its own it counts for that', async () => {
  const event = randomUUID();
  const [[item] = []] = await shop.canvas.outputs([trigger, once()], { items: [eventItem(event)] });
  expect(item?.json).toMatchObject({ key: onceKeyOf('canvas', event), step: 'supplier order', first: true });
  const mine = once({ key: `customer-${event}` });
  expect(await counts([trigger, mine], { items: [eventItem(randomUUID())] })).toEqual([1, 0]);
  expect(await counts([trigger, mine], { items: [eventItem(randomUUID())] })).toEqual([0, 1]);
  await expect(counts([trigger, once({ key: '' })], { items: [eventItem(event)] })).rejects.toThrow(
    'was added and is empty',
  );
});

test('allowed again, the next attempt is the first', async () => {
  const items = [eventItem(randomUUID())];
  expect(await counts([trigger, once()], { items })).toEqual([1, 0]);
  await shop.canvas.run([trigger, once({}, 'allowAgain')], { items });
  expect(await counts([trigger, once()], { items })).toEqual([1, 0]);
});

test('a claim that failed in doubt is not the first time', async () => {
  const broken = { ...once({ key: 'with spaces' }), onError: 'continueRegularOutput' as const };
  expect(await counts([trigger, broken], { items: [eventItem(randomUUID())] })).toEqual([0, 1]);
});

test('credit without a reference is granted once for each event and customer; an expression that gives nothing is refused', async () => {
  const grant = (ownerId: string, reference = '') =>
    commerceNode('Wallet', 'wallet', 'grantCredit', {
      ...{ ownerId: { __rl: true, mode: 'id', value: ownerId }, reason: 'late parcel', reference },
      ...{ amount: 500, amountCurrency: 'EUR' },
    });
  const owner = `cus-${randomUUID()}`;
  const event = randomUUID();
  const run = (id: string, node = grant(owner)) => shop.canvas.run([trigger, node], { items: [eventItem(id)] });
  const [first] = await run(event);
  await run(event);
  expect(await shop.balance(owner)).toBe(500);
  await run(randomUUID());
  expect(await shop.balance(owner)).toBe(1_000);
  expect(first?.json['credit']).toMatchObject({
    reference: expect.stringMatching(/^journey-[0-9a-f-]{36}$/) as string,
  });
  await run(event, grant(owner, 'birthday-2026'));
  await run(randomUUID(), grant(owner, 'birthday-2026'));
  expect(await shop.balance(owner)).toBe(1_500);
  await expect(run(event, grant(owner, '={{ $json.data.nothing }}'))).rejects.toThrow('Reference');
});
