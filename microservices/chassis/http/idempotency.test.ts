import { expect, test } from '@jest/globals';
import { anonymous } from '../auth/caller.ts';
import { idempotentRequest } from './idempotency.ts';

const input = { cartId: 'cart_1' };

test.each(['1', 'order-1', 'x'.repeat(19)])(
  'without a credential the key "%s" is refused: a stranger may use it too',
  (key) => {
    expect(() => idempotentRequest(anonymous, key, 'placeOrder', input)).toThrow(
      expect.objectContaining({ code: 'INVALID_IDEMPOTENCY_KEY', status: 400 }),
    );
  },
);

test.each(['0199a3c4-5a7e-7c31-8f2b-6d1f0c9e4b7a', '01J9ZK5V3Q8M2N4P6R7S8T9V0W', 'V1StGXR8_Z5jdHi6B-myT'])(
  'without a credential the key %s, which nobody else has, is taken from wherever the repeat comes',
  (key) => {
    expect(idempotentRequest(anonymous, key, 'placeOrder', input)).toEqual(
      idempotentRequest(anonymous, key, 'placeOrder', input),
    );
  },
);

test('those who show who they are have their own keys, guests too', () => {
  const guest = { kind: 'customer', id: 'cus_1', customerId: 'cus_1', sessionId: 'ses_1', guest: true } as const;
  expect(idempotentRequest(guest, '1', 'placeOrder', input).caller).toBe('customer:cus_1');
  expect(idempotentRequest({ kind: 'key', id: 'shop', scopes: [] }, '1', 'placeOrder', input).caller).toBe('key:shop');
});

test('only a caller with an API key repeats a step of a journey', () => {
  const key = '0199a3c4-5a7e-7c31-8f2b-6d1f0c9e4b7a';
  const scope = { content: 'c', beside: [] };
  const shop = { kind: 'key', id: 'shop', scopes: [] } as const;
  expect(idempotentRequest(shop, key, 'topUp', input, scope)).toMatchObject({ step: { key, content: 'c' } });
  expect(idempotentRequest(anonymous, key, 'topUp', input, scope)).toEqual(
    idempotentRequest(anonymous, key, 'topUp', input),
  );
});
