import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalog } from '../../microservices/catalog/index.ts';
import { customers } from '../../microservices/customers/index.ts';
import { notifications } from '../../microservices/notifications/index.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { inventoryAway } from '../test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { sendRaw } from './raw-request.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({
    services: [catalog, customers, notifications],
    remote: [{ contract: ordersContract, url: 'http://127.0.0.1:9' }, inventoryAway],
  });
});
afterAll(() => platform.stop());

const post = async (path: string, input: object): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${platform.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  return { status: response.status, text: await response.text() };
};

describe('S11: line breaks and control characters', () => {
  test.each(['%0d%0aset-cookie:%20a=b', '%0aset-cookie:a=b', '%E5%98%8A%E5%98%8Dset-cookie:a=b', '%00'])(
    'in a path or a query (%s) make no header',
    async (evil) => {
      for (const path of [`/v1/products/${evil}`, `/v1/categories?search=${evil}`, `/${evil}`, `/reference/${evil}`]) {
        const response = await fetch(`${platform.url}${path}`);
        const text = await response.text();
        expect([path, response.status < 500, response.headers.get('set-cookie')]).toEqual([path, true, null]);
        expect(text).not.toMatch(/^set-cookie/m);
      }
    },
  );

  test.each([
    'x-correlation-id',
    'idempotency-key',
    'traceparent',
    'if-match',
    'x-forwarded-for',
    'user-agent',
    'origin',
  ])('in the header %s reach no response and break nothing', async (name) => {
    for (const value of [
      'a\rset-cookie: b=1',
      'a\u0001b',
      'a\u007fb',
      '<script>alert(1)</script>',
      '\u00e9'.repeat(50),
    ]) {
      const request = `GET /v1/categories HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${name}: ${value}\r\n\r\n`;
      const { status, text } = await sendRaw(platform.url, Buffer.from(request, 'latin1'));
      expect([value, (status ?? 400) < 500, text.toLowerCase().includes('\r\nset-cookie')]).toEqual([
        value,
        true,
        false,
      ]);
    }
  });

  test('in the values of a template make no header of a mail', async () => {
    const draft = { subject: 'Hello {{ name }}', text: 'Hello {{ name }}' };
    const data = { name: 'Ada\r\nBcc: everybody@example.com\r\n\r\nText' };
    const preview = await post('/v1/notifications/templates/account-exists/preview', { draft, data });
    expect(preview.status).toBe(200);
    expect((JSON.parse(preview.text) as { subject: string }).subject).not.toMatch(/[\r\n]/);
    for (const email of ['a@example.com\r\nBcc: b@example.com', 'a@example.com, b@example.com', 'a@example.com\u0000'])
      expect((await post('/v1/notifications', { email, template: 'account-exists' })).status).toBe(400);
  });
});
