import fc from 'fast-check';
import { gtin, gtinCheckDigit } from './values.ts';

describe('GTIN', () => {
  test.each(['4006381333931', '96385074', '036000291452', '10012345678902'])('%s is right', (digits) =>
    expect(gtin.safeParse(digits).success).toBe(true),
  );
  test.each(['4006381333932', '9638507', '40063813339310000', 'abcdefgh', ''])('%s is not', (digits) =>
    expect(gtin.safeParse(digits).success).toBe(false),
  );

  test('any one mistyped digit is noticed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{12}$/), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, place, by) => {
        const right = `${body}${gtinCheckDigit(body)}`;
        const wrong = [...right]
          .map((digit, index) => (index === place ? String((Number(digit) + by) % 10) : digit))
          .join('');
        expect(gtin.safeParse(right).success).toBe(true);
        expect(gtin.safeParse(wrong).success).toBe(false);
      }),
    );
  });
});
