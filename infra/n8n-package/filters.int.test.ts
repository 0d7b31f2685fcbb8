import type { IDataObject } from 'n8n-workflow';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import type { CanvasNode } from './testing/canvas.ts';
import { commerceNode, eventItem, startShop, trigger } from './testing/shop.ts';

let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop();
  const stock = shop.platform.client(inventoryContract);
  await stock.receiveStock({ sku: 'TEA', locationId: shop.locationId, quantity: 5 });
  for (const ownerId of ['ann', 'bob']) await stock.reserveStock({ ownerId, lines: [{ sku: 'TEA', quantity: 1 }] });
});
afterAll(() => shop.stop());

const getMany = (filters: IDataObject, onError?: CanvasNode['onError']) =>
  shop.canvas.run(
    [trigger, { ...commerceNode('Inventory', 'reservation', 'getMany', { filters }), ...(onError && { onError }) }],
    {
      before: [eventItem('evt_1')],
      items: [{ json: { owner: null, blank: '', ann: 'ann' } }],
    },
  );

test.each([
  ['null', '={{ $json.owner }}', 'gave null'],
  ['undefined', '={{ $json.nobody }}', 'gave undefined'],
  ['an empty text', '={{ $json.blank }}', 'gave ""'],
])(
  'a filter that resolves to %s stops the node and names itself, instead of returning everything',
  async (_, value, gave) => {
    const failed: unknown = await getMany({ ownerId: value }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'INVALID_INPUT' });
    expect((failed as Error).message).toContain('“Owner ID”: It was added and is empty');
    expect((failed as Error).message).toContain(gave);
  },
);

test('so does one that nothing was chosen for; an error branch gets its code', async () => {
  const [item] = await getMany({ sku: { __rl: true, mode: 'list', value: '' } }, 'continueErrorOutput');
  expect(item?.json['error']).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('“SKU”') as string,
  });
});

test('a filter with a value filters, and without filters everything comes', async () => {
  expect((await getMany({ ownerId: '={{ $json.ann }}' })).map(({ json }) => json['ownerId'])).toEqual(['ann']);
  expect(await getMany({})).toHaveLength(2);
});
