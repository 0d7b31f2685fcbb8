import fc from 'fast-check';
import { allocationStateOf, learnOfReservation, type ReservationFacts } from './allocation.ts';
import { learnOfHold, paymentStateOf, paymentSums, type HoldFacts, type PaymentFacts } from './payment.ts';
import { planRefund, type RefundableLine } from './refund.ts';
import { planShipment, type ShippableLine } from './shipment.ts';

describe('payment facts', () => {
  /** A hold's true story: held, captured in parts, closed. */
  const story: fc.Arbitrary<HoldFacts[]> = fc
    .record({
      authorized: fc.integer({ min: 1, max: 1_000 }),
      cuts: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 4 }),
    })
    .map(({ authorized, cuts }) => {
      const facts: HoldFacts[] = [{ holdId: 'h', state: 'authorized', authorized, captured: 0 }];
      let captured = 0;
      for (const cut of cuts) {
        captured = Math.min(authorized, captured + cut);
        facts.push({
          holdId: 'h',
          state: captured === authorized ? 'captured' : 'partially_captured',
          authorized: 0,
          captured,
        });
      }
      if (captured < authorized)
        facts.push({ holdId: 'h', state: cuts.length > 0 ? 'captured' : 'voided', authorized: 0, captured });
      return facts;
    });

  test('facts that come several times and in any order teach the same', () => {
    fc.assert(
      fc.property(
        story.chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray([...facts, ...facts, ...facts], { minLength: facts.length * 3 }),
          ),
        ),
        ([facts, shuffled]) => {
          const learn = (all: readonly HoldFacts[]) => all.reduce<HoldFacts | undefined>(learnOfHold, undefined);
          expect(learn(shuffled)).toEqual(learn(facts));
        },
      ),
    );
  });

  test('a voided hold counts for nothing, one that was captured counts', () => {
    expect(
      paymentSums([
        { holdId: 'a', state: 'voided', authorized: 100, captured: 0 },
        { holdId: 'b', state: 'captured', authorized: 100, captured: 60 },
      ]),
    ).toEqual({ authorized: 100, captured: 60 });
  });

  const facts: PaymentFacts = {
    method: 'wallet',
    payable: 100,
    authorized: 0,
    captured: 0,
    refunded: 0,
    failed: false,
    givenUp: false,
  };
  test.each([
    ['pending', {}],
    ['due_on_delivery', { method: 'cash_on_delivery' as const }],
    ['failed', { failed: true }],
    ['authorized', { authorized: 100 }],
    ['voided', { givenUp: true }],
    ['partially_paid', { authorized: 100, captured: 99 }],
    ['paid', { authorized: 100, captured: 100 }],
    ['paid', { payable: 0 }],
    ['partially_refunded', { captured: 100, refunded: 1 }],
    ['refunded', { captured: 100, refunded: 100 }],
  ])('it is %s with %j', (state, changed) => {
    expect(paymentStateOf({ ...facts, ...changed })).toBe(state);
  });
});

describe('allocation facts', () => {
  test('the end of a reservation stays, whatever comes after it', () => {
    const committed: ReservationFacts = { reservationId: 'r', state: 'committed' };
    expect(learnOfReservation(committed, { reservationId: 'r', state: 'reserved' })).toEqual(committed);
    expect(learnOfReservation({ reservationId: 'r', state: 'reserved' }, committed)).toEqual(committed);
    expect(learnOfReservation(undefined, committed)).toEqual(committed);
  });

  test.each(['released', 'returned'] as const)('committed and then %s, in whatever order it is heard', (end) => {
    const facts = (['reserved', 'committed', end] as const).map((state) => ({ reservationId: 'r', state }));
    fc.assert(
      fc.property(fc.shuffledSubarray([...facts, ...facts], { minLength: 6 }), (heard) => {
        const learnt = heard.reduce<ReservationFacts | undefined>(learnOfReservation, undefined);
        expect(learnt?.state).toBe(end);
      }),
    );
  });

  test.each([
    [[], 'none'],
    [['failed'], 'failed'],
    [['failed', 'reserved'], 'allocated'],
    [['expired', 'reserved'], 'allocated'],
    [['released', 'expired'], 'expired'],
    [['reserved', 'committed'], 'committed'],
    [['released', 'committed'], 'committed'],
    [['returned', 'expired'], 'returned'],
  ] as const)('reservations that are %j make the order %s', (states, expected) => {
    expect(allocationStateOf(states.map((state, index) => ({ reservationId: String(index), state })))).toBe(expected);
  });
});

describe('shipments', () => {
  const order: fc.Arbitrary<ShippableLine[]> = fc
    .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })
    .map((quantities) =>
      quantities.map((quantity, index) => ({
        lineId: `l${index}`,
        sku: `S${index}`,
        quantity,
        shipped: 0,
        cancelled: 0,
      })),
    );

  test('however an order is split, no more is shipped than ordered, and it is complete exactly when all is', () => {
    fc.assert(
      fc.property(
        order,
        fc.array(fc.array(fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 4 }), {
          maxLength: 12,
        }),
        (lines, parcels) => {
          let current = lines;
          for (const parcel of parcels) {
            const plan = planShipment(
              current,
              parcel.map(([index, quantity]) => ({ lineId: `l${index}`, quantity })),
            );
            if (!plan.ok) continue;
            const sent = new Map(plan.lines.map((line) => [line.lineId, line.quantity]));
            current = current.map((line) => ({ ...line, shipped: line.shipped + (sent.get(line.lineId) ?? 0) }));
            expect(plan.complete).toBe(current.every((line) => line.shipped === line.quantity));
          }
          for (const line of current) expect(line.shipped).toBeLessThanOrEqual(line.quantity);
          const rest = planShipment(current, undefined);
          expect(rest.ok && rest.complete).toBe(true);
        },
      ),
    );
  });

  test('a line named twice counts together', () => {
    const plan = planShipment(
      [{ lineId: 'l', sku: 'S', quantity: 3, shipped: 1, cancelled: 0 }],
      [
        { lineId: 'l', quantity: 1 },
        { lineId: 'l', quantity: 2 },
      ],
    );
    expect(plan).toEqual({ ok: false, problem: 'MORE_THAN_ORDERED', lineId: 'l', requested: 3, left: 2 });
  });
});

describe('refunds', () => {
  const line: fc.Arbitrary<RefundableLine> = fc.record({
    lineId: fc.constant('l'),
    sku: fc.constant('S'),
    quantity: fc.integer({ min: 1, max: 50 }),
    total: fc.integer({ min: 0, max: 10_000 }),
    refunded: fc.constant(0),
    refundedQuantity: fc.constant(0),
    shipped: fc.constant(0),
    refundedUnshipped: fc.constant(0),
  });
  const step = fc.record({
    quantity: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    amount: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
  });

  test('whatever is refunded in whatever steps, a line never gives back more than it cost nor the order more than was captured', () => {
    fc.assert(
      fc.property(
        line,
        fc.array(step, { maxLength: 20 }),
        fc.integer({ min: 0, max: 12_000 }),
        (start, steps, captured) => {
          let current = start;
          let refunded = 0;
          for (const wanted of steps) {
            const plan = planRefund(
              [current],
              { lines: [{ lineId: 'l', ...wanted }], shipping: 0 },
              { refundable: captured - refunded, shippingLeft: 0 },
            );
            if (!plan.ok) continue;
            expect(plan.amount).toBeGreaterThan(0);
            refunded += plan.amount;
            current = {
              ...current,
              refunded: current.refunded + plan.amount,
              refundedQuantity: current.refundedQuantity + (plan.lines[0]?.quantity ?? 0),
            };
          }
          expect(current.refunded).toBeLessThanOrEqual(current.total);
          expect(current.refundedQuantity).toBeLessThanOrEqual(current.quantity);
          expect(refunded).toBeLessThanOrEqual(captured);
        },
      ),
    );
  });

  test('refunding a line piece by piece gives back exactly what it cost', () => {
    fc.assert(
      fc.property(line, (start) => {
        let current = start;
        for (let piece = 0; piece < start.quantity; piece += 1) {
          const plan = planRefund(
            [current],
            { lines: [{ lineId: 'l', quantity: 1 }], shipping: 0 },
            { refundable: 20_000, shippingLeft: 0 },
          );
          const amount = plan.ok ? plan.amount : 0;
          current = { ...current, refunded: current.refunded + amount, refundedQuantity: current.refundedQuantity + 1 };
        }
        expect(current.refunded).toBe(start.total);
      }),
    );
  });

  const one: RefundableLine = {
    lineId: 'l',
    sku: 'S',
    quantity: 3,
    total: 1_000,
    refunded: 0,
    refundedQuantity: 0,
    shipped: 3,
    refundedUnshipped: 0,
  };
  test('a line named without amount and quantity is refunded whole, shipping beside it', () => {
    expect(
      planRefund([one], { lines: [{ lineId: 'l' }], shipping: 50 }, { refundable: 2_000, shippingLeft: 50 }),
    ).toEqual({
      ok: true,
      lines: [{ lineId: 'l', sku: 'S', quantity: 3, amount: 1_000, unshipped: 0 }],
      shipping: 50,
      amount: 1_050,
    });
  });
  test.each([
    ['two quantities', [{ quantity: 1 }, { quantity: 1 }], { quantity: 2, amount: 666 }],
    ['two amounts', [{ amount: 10 }, { amount: 20 }], { quantity: 0, amount: 30 }],
    ['a quantity and the rest', [{ quantity: 1 }, {}], { quantity: 3, amount: 1_000 }],
    ['all of it twice', [{}, {}], { quantity: 3, amount: 1_000 }],
  ])('a line named twice is refunded for both together: %s', (_, mentions, expected) => {
    const lines = mentions.map((mention) => ({ lineId: 'l', ...mention }));
    expect(planRefund([one], { lines, shipping: 0 }, { refundable: 2_000, shippingLeft: 0 })).toMatchObject({
      ok: true,
      lines: [expected],
      amount: expected.amount,
    });
  });
  test.each([
    ['together more than ordered', [{ quantity: 2 }, { quantity: 2 }]],
    ['together more than it cost', [{ amount: 600 }, { amount: 600 }]],
  ])('a line named twice is not refunded for more than there is: %s', (_, mentions) => {
    const lines = mentions.map((mention) => ({ lineId: 'l', ...mention }));
    expect(planRefund([one], { lines, shipping: 0 }, { refundable: 2_000, shippingLeft: 0 })).toMatchObject({
      problem: 'REFUND_TOO_HIGH',
    });
  });

  test.each([
    ['nothing was shipped', 0, 0, {}, 3],
    ['all was shipped', 3, 0, {}, 0],
    ['one was shipped: the others go first', 1, 0, { quantity: 2 }, 2],
    ['one was shipped and all is refunded', 1, 0, {}, 2],
    ['the unshipped ones were refunded before', 1, 2, { quantity: 1 }, 0],
    ['the caller says that it is the shipped one', 1, 0, { quantity: 1, unshipped: 0 }, 0],
  ])(
    'says how many of the refunded units were never shipped when %s',
    (_, shipped, refundedUnshipped, wanted, unshipped) => {
      const line = { ...one, shipped, refundedUnshipped };
      const plan = planRefund(
        [line],
        { lines: [{ lineId: 'l', ...wanted }], shipping: 0 },
        { refundable: 2_000, shippingLeft: 0 },
      );
      expect(plan).toMatchObject({ lines: [{ unshipped }] });
    },
  );

  test.each([
    ['an unknown line', { lines: [{ lineId: 'x' }], shipping: 0 }, 'LINE_NOT_FOUND'],
    ['more pieces than ordered', { lines: [{ lineId: 'l', quantity: 4 }], shipping: 0 }, 'REFUND_TOO_HIGH'],
    ['more than the line cost', { lines: [{ lineId: 'l', amount: 1_001 }], shipping: 0 }, 'REFUND_TOO_HIGH'],
    ['more than shipping cost', { lines: [], shipping: 51 }, 'REFUND_TOO_HIGH'],
    ['nothing', { lines: [], shipping: 0 }, 'NOTHING_TO_REFUND'],
  ])('%s is not refunded', (_, request, problem) => {
    expect(planRefund([one], request, { refundable: 2_000, shippingLeft: 50 })).toMatchObject({ ok: false, problem });
  });
});
