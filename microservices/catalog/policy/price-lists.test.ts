import { periodChangeProblem } from './price-lists.ts';

describe('periods of price lists', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  const none = { validFrom: null, validUntil: null };

  test('only the future can change', () => {
    const future = { validFrom: '2026-07-01T00:00:00.000Z', validUntil: null };
    expect(periodChangeProblem(future, { ...future, validFrom: '2026-08-01T00:00:00.000Z' }, now)).toBeUndefined();
    expect(periodChangeProblem(future, none, now)).toMatch(/in the past \(none\)/);
    expect(periodChangeProblem(none, future, now)).toMatch(/began when it was created/);
    expect(periodChangeProblem(none, { ...none, validUntil: '2026-05-31T00:00:00.000Z' }, now)).toMatch(/in the past/);
    expect(periodChangeProblem(future, { ...future, validUntil: '2026-06-15T00:00:00.000Z' }, now)).toMatch(
      /before it begins/,
    );
  });

  test('the same moment written differently is no change', () => {
    const begun = { validFrom: '2026-01-01T00:00:00.000Z', validUntil: null };
    expect(periodChangeProblem(begun, { ...begun, validFrom: '2026-01-01T00:00:00Z' }, now)).toBeUndefined();
  });
});
