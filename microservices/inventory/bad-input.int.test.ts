import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { inventory } from './index.ts';
import { remote } from './testing.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [inventory],
    remote,
  });
});
afterAll(() => platform.stop());

describe('bad input', () => {
  const request = (method: string, path: string, body?: unknown) =>
    fetch(`${platform.url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${platform.adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const locationId = newId('loc');

  const lines = [{ sku: 'cup', quantity: 1 }];
  const cursor = (key: string) => Buffer.from(key).toString('base64url');

  test.each([
    ['a SKU of two lines', 'POST', '/inventory/receipts', { sku: 'two\nlines', locationId, quantity: 1 }],
    ['a SKU of 65 characters', 'POST', '/inventory/receipts', { sku: 'x'.repeat(65), locationId, quantity: 1 }],
    ['a SKU with a NUL', 'POST', '/inventory/receipts', { sku: 'cup\u0000', locationId, quantity: 1 }],
    ['no units', 'POST', '/inventory/receipts', { sku: 'cup', locationId, quantity: 0 }],
    ['half a piece', 'POST', '/inventory/receipts', { sku: 'cup', locationId, quantity: 1.5 }],
    ['far too many units', 'POST', '/inventory/receipts', { sku: 'cup', locationId, quantity: 1e12 }],
    ['a location id of another form', 'POST', '/inventory/receipts', { sku: 'cup', locationId: 'loc_1', quantity: 1 }],
    ['a change of nothing', 'POST', '/inventory/adjustments', { sku: 'cup', locationId, change: 0, reason: 'x' }],
    [
      'half a surrogate pair',
      'POST',
      '/inventory/adjustments',
      { sku: 'cup', locationId, change: 1, reason: '\ud800' },
    ],
    ['an empty reason', 'POST', '/inventory/adjustments', { sku: 'cup', locationId, change: -1, reason: '   ' }],
    ['a country in words', 'POST', '/inventory/locations', { code: 'x', name: 'x', country: 'Germany' }],
    [
      'a transfer to where it is',
      'POST',
      '/inventory/transfers',
      { fromLocationId: locationId, toLocationId: locationId, lines },
    ],
    [
      'a transfer of nothing',
      'POST',
      '/inventory/transfers',
      { fromLocationId: locationId, toLocationId: newId('loc'), lines: [] },
    ],
    ['a reservation of nothing', 'POST', '/inventory/reservations', { ownerId: 'ord-1', lines: [] }],
    [
      '501 lines',
      'POST',
      '/inventory/reservations',
      { ownerId: 'ord-1', lines: Array.from({ length: 501 }, () => lines[0]) },
    ],
    ['a week and a second', 'POST', '/inventory/reservations', { ownerId: 'ord-1', lines, expiresInSeconds: 604_801 }],
    ['availability of nothing', 'POST', '/inventory/availability', { skus: [] }],
    ['negative safety', 'PUT', '/inventory/levels', { sku: 'cup', locationId, safety: -1 }],
    ['a page of none', 'GET', '/inventory/items?limit=0', undefined],
    ['a page of many', 'GET', '/inventory/items?limit=many', undefined],
    ['a made-up cursor', 'GET', '/inventory/items?cursor=nonsense', undefined],
    ['a cursor of other types', 'GET', `/inventory/levels?cursor=${cursor('["1",2,3]')}`, undefined],
    ['a cursor with a NUL', 'GET', `/inventory/movements?cursor=${cursor('["mov_\\u0000"]')}`, undefined],
    ['a moment in words', 'GET', '/inventory/movements?from=yesterday', undefined],
    ['a reservation id of another form', 'GET', '/inventory/reservations/res_1', undefined],
  ])('%s is a clear 400', async (_what, method, path, body) => {
    const response = await request(method, path, body);
    const problem = (await response.json()) as { code: string; detail: string };
    expect([response.status, problem.code]).toEqual([400, expect.stringMatching(/^INVALID_/)]);
    expect(problem.detail.length).toBeGreaterThan(10);
  });
});
