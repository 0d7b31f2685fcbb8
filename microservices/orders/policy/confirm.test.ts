import { whyHoldDoesNotPay, whyReservationDoesNotServe } from './confirm.ts';

const now = new Date('2026-11-23T10:00:00.000Z');
const order = { id: 'ord_1', customerId: 'cus_1', currency: 'EUR', grandTotal: 1_000 };
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const hold = {
  ownerId: 'cus_1',
  reference: 'ord_1',
  amount: eur(1_000),
  state: 'authorized' as const,
  captured: eur(0),
  expiresAt: '2026-11-23T10:00:00.001Z',
};

describe('a hold', () => {
  test('that is the customer’s, for this order, open and large enough pays it', () => {
    expect(whyHoldDoesNotPay(order, hold, now)).toBeUndefined();
  });

  test('that was captured in full pays it, whenever it ran out', () => {
    expect(
      whyHoldDoesNotPay(
        order,
        { ...hold, state: 'captured', captured: eur(1_000), expiresAt: '2020-01-01T00:00:00.000Z' },
        now,
      ),
    ).toBeUndefined();
  });

  test.each([
    ['for another order', { reference: 'ord_2' }, 'it is for ord_2'],
    ['of somebody else', { ownerId: 'cus_2' }, 'belongs to somebody else'],
    ['in another currency', { amount: { amount: 1_000, currency: 'USD' } }, 'it is in USD'],
    ['one unit too small', { amount: eur(999) }, 'it covers 9.99 EUR of 10.00 EUR'],
    [
      'captured in part and closed',
      { state: 'captured' as const, captured: eur(999) },
      'it covers 9.99 EUR of 10.00 EUR',
    ],
    ['voided', { state: 'voided' as const }, 'it is voided'],
    ['expired by state', { state: 'expired' as const }, 'it is expired'],
    ['expired by the clock', { expiresAt: now.toISOString() }, 'it expired at'],
  ])('%s does not', (_, changed, reason) => {
    expect(whyHoldDoesNotPay(order, { ...hold, ...changed }, now)).toContain(reason);
  });
});

describe('a reservation', () => {
  const lines = [
    { sku: 'A', quantity: 2, requiresShipping: true },
    { sku: 'B', quantity: 1, requiresShipping: false },
  ];

  test('serves an order when it holds all that has to be shipped, from however many locations', () => {
    const reserved = [
      { sku: 'A', quantity: 1 },
      { sku: 'A', quantity: 1 },
    ];
    expect(whyReservationDoesNotServe('ord_1', lines, { ownerId: 'ord_1', lines: reserved })).toBeUndefined();
  });

  test.each([
    ['another order’s', { ownerId: 'ord_2', lines: [{ sku: 'A', quantity: 2 }] }, 'it is for ord_2'],
    ['short of a unit', { ownerId: 'ord_1', lines: [{ sku: 'A', quantity: 1 }] }, 'it reserves 1 of 2 units of A'],
    ['of other goods', { ownerId: 'ord_1', lines: [{ sku: 'C', quantity: 9 }] }, 'it reserves 0 of 2 units of A'],
  ])('%s does not', (_, reservation, reason) => {
    expect(whyReservationDoesNotServe('ord_1', lines, reservation)).toContain(reason);
  });
});
