import fc from 'fast-check';
import type { ReportLine } from '../psp/port.ts';
import { reconcile, settlementOf } from './reconcile.ts';

const line = (id: string, amount: number, settled = { amount, currency: 'EUR' }): ReportLine => ({
  id: `line_${id}`,
  key: id,
  kind: 'capture',
  amount,
  currency: 'EUR',
  fee: 0,
  settled,
  at: '2026-12-01T00:00:00.000Z',
});

test('exactly what one side lacks or has otherwise is listed', () => {
  const fate = fc.constantFrom('both', 'here', 'there', 'other');
  fc.assert(
    fc.property(fc.array(fc.tuple(fate, fc.integer({ min: 1, max: 9_999 })), { maxLength: 40 }), (things) => {
      const lines: ReportLine[] = [];
      const own: { id: string; amount: number; currency: string }[] = [];
      for (const [index, [what, amount]] of things.entries()) {
        const id = `pop_${index}`;
        if (what !== 'there') own.push({ id, amount, currency: 'EUR' });
        if (what !== 'here') lines.push(line(id, what === 'other' ? amount + 1 : amount));
      }
      const { matched, differences } = reconcile(lines, own);
      const count = (what: string) => things.filter(([one]) => one === what).length;
      const kinds = (kind: string) => differences.filter((one) => one.kind === kind).length;
      expect(matched).toBe(count('both'));
      expect([kinds('not_at_provider'), kinds('not_here'), kinds('amount')]).toEqual([
        count('here'),
        count('there'),
        count('other'),
      ]);
    }),
  );
});

test('a line that stands twice in a report is one movement too many', () => {
  const { matched, differences } = reconcile(
    [line('pop_1', 5), line('pop_1', 5)],
    [{ id: 'pop_1', amount: 5, currency: 'EUR' }],
  );
  expect(matched).toBe(1);
  expect(differences).toMatchObject([{ kind: 'not_here', reference: 'line_pop_1', here: null }]);
});

test('a settlement in another currency has both sides, and its fee in that currency', () => {
  expect(settlementOf({ ...line('pop_1', 1_000, { amount: 1_100, currency: 'USD' }), fee: 30 })).toEqual([
    { debit: 'exchange', credit: 'card_clearing', amount: { amount: 1_000, currency: 'EUR' } },
    { debit: 'card_clearing', credit: 'exchange', amount: { amount: 1_100, currency: 'USD' } },
    { debit: 'psp_fees', credit: 'card_clearing', amount: { amount: 30, currency: 'USD' } },
  ]);
});
