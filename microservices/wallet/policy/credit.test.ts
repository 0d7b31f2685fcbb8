import fc from 'fast-check';
import { settleGrants, takeBack, type Grant } from './credit.ts';
import { MORNING } from './testing.ts';

const DAY_MS = 86_400_000;
const day = (days: number): string => new Date(Date.parse(MORNING) + days * DAY_MS).toISOString();
const grantOf = (index: number, amount: number, expiresIn: number | null): Grant => ({
  ...{ id: `crd_${String(index).padStart(3, '0')}`, accountId: 'acc_a', ownerId: 'cus_a', currency: 'EUR', amount },
  ...{
    remaining: amount,
    takenBack: 0,
    reference: `r${index}`,
    reason: null,
    transferId: `trf_${index}`,
    returned: false,
  },
  ...{ grantedAt: MORNING, expiresAt: expiresIn === null ? null : day(expiresIn), dueAt: null },
});
const left = (grants: readonly Grant[]) => Object.fromEntries(grants.map(({ id, remaining }) => [id, remaining]));

test('what was spent was spent of the grant that expires first', () => {
  const grants = [grantOf(1, 100, null), grantOf(2, 100, 5), grantOf(3, 100, 9)];
  expect(left(settleGrants(grants, 150))).toEqual({ crd_001: 100, crd_002: 0, crd_003: 50 });
});

test('only what has expired is taken back, and not what open holds may still take', () => {
  const grants = [grantOf(1, 100, 5), grantOf(2, 100, 9)];
  const { grants: after, taken } = takeBack(grants, { credit: 170, held: 30 }, day(6));
  expect(taken.map(({ grant, amount }) => [grant.id, amount])).toEqual([['crd_001', 40]]);
  expect(left(after)).toEqual({ crd_001: 30, crd_002: 100 });
  expect(after.find(({ id }) => id === 'crd_001')?.dueAt).not.toBeNull();
});

const step = fc.oneof(
  fc.record({ do: fc.constant('grant' as const), amount: fc.integer({ min: 1, max: 50 }), in: fc.option(fc.nat(9)) }),
  fc.record({ do: fc.constant('pay' as const), amount: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ do: fc.constant('expire' as const), at: fc.nat(9) }),
);

/** Credit by the plainest rules: each payment walks through the grants at once. */
const payEach = (grants: Grant[], amount: number): Grant[] => {
  let toPay = amount;
  const order = grants.toSorted(
    (a, b) => (a.expiresAt ?? '9').localeCompare(b.expiresAt ?? '9') || a.id.localeCompare(b.id),
  );
  return order.map((grant) => {
    const paid = Math.min(toPay, grant.remaining);
    toPay -= paid;
    return { ...grant, remaining: grant.remaining - paid };
  });
};

test('settled late, each grant has what it would have if every payment had been counted on it at once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let plain: Grant[] = [];
      let stored: Grant[] = [];
      let credit = 0;
      for (const [index, one] of steps.entries()) {
        if (one.do === 'grant') {
          const grant = grantOf(index, one.amount, one.in);
          plain = [...plain, grant];
          stored = [...settleGrants(stored, credit), grant];
          credit += one.amount;
        } else if (one.do === 'pay') {
          plain = payEach(plain, one.amount);
          credit = Math.max(0, credit - one.amount);
        } else {
          plain = plain.map((grant) =>
            grant.expiresAt !== null && grant.expiresAt <= day(one.at) ? { ...grant, remaining: 0 } : grant,
          );
          const { grants, taken } = takeBack(stored, { credit, held: 0 }, day(one.at));
          stored = grants;
          credit -= taken.reduce((sum, { amount }) => sum + amount, 0);
        }
        expect(left(settleGrants(stored, credit))).toEqual(left(plain));
      }
    }),
  );
});

test('what is held is never taken back, whatever is granted, spent and held', () => {
  const grants = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.option(fc.nat(9))), { maxLength: 8 });
  fc.assert(
    fc.property(grants, fc.nat(400), fc.nat(100), fc.nat(400), fc.nat(9), (made, spent, own, wanted, at) => {
      const all = made.map(([amount, expiresIn], index) => grantOf(index, amount, expiresIn));
      const credit = Math.max(0, made.reduce((sum, [amount]) => sum + amount, 0) - spent);
      const held = Math.min(wanted, credit + own);
      const { grants: after, taken } = takeBack(all, { credit, held }, day(at));
      const back = taken.reduce((sum, { amount }) => sum + amount, 0);
      expect(credit + own - back).toBeGreaterThanOrEqual(held);
      expect(after.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(credit - back);
    }),
  );
});
