import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { customersContract } from './contract.ts';
import { customers } from './index.ts';
import { freshEmail, problemOf } from './testing.ts';

let platform: TestPlatform;

const staff = () => platform.client(customersContract);

beforeAll(async () => {
  platform = await startTestPlatform({ services: [customers] });
});
afterAll(() => platform.stop());

const customer = (rest: Partial<Parameters<ReturnType<typeof staff>['createCustomer']>[0]> = {}) =>
  staff().createCustomer({ email: freshEmail(), name: 'Ada Lovelace', ...rest });
const home = { name: 'Ada Lovelace', line1: 'Ockham Park 1', city: 'London', postalCode: 'GU23 6NQ', country: 'GB' };

describe('e-mail addresses', () => {
  test('are taken as networks know them and found in any spelling', async () => {
    const mark = freshEmail().split('@')[0] ?? '';
    for (const local of ['a&b', 'a/b', 'a=b']) {
      const email = `${local}-${mark}@example.org`;
      expect(await customer({ email })).toMatchObject({ email });
    }
    const { id, email } = await customer({ email: `Info-${mark}@München.de` });
    expect(email).toBe(`info-${mark}@xn--mnchen-3ya.de`);
    for (const spelling of [`info-${mark}@MÜNCHEN.DE`, `info-${mark}@xn--mnchen-3ya.de`])
      expect((await staff().listCustomers({ email: spelling })).items.map((each) => each.id)).toEqual([id]);
    expect((await problemOf(customer({ email: `${'a'.repeat(65)}@example.org` }))).message).toContain('64 characters');
  });

  test('languages are put into the form of BCP 47', async () => {
    expect(await customer({ locale: 'de_DE' })).toMatchObject({ locale: 'de-DE' });
    expect(await customer({ locale: 'pt-br' })).toMatchObject({ locale: 'pt-BR' });
  });
});

describe('postal addresses', () => {
  test('ask for a city and a postal code only where a country has them, also after a change', async () => {
    const { id: customerId } = await customer();
    const { name, line1 } = home;
    const hongKong = await staff().addAddress({ customerId, name, line1, city: 'Kowloon', country: 'HK' });
    expect(hongKong).toMatchObject({ city: 'Kowloon', postalCode: '', country: 'HK' });
    expect(await staff().addAddress({ customerId, name, line1, postalCode: '018956', country: 'SG' })).toMatchObject({
      city: '',
    });
    for (const country of ['AE', 'PA']) await staff().addAddress({ customerId, name, line1, city: 'X', country });
    expect(await problemOf(staff().addAddress({ customerId, name, line1, country: 'DE' }))).toMatchObject({
      code: 'INVALID_INPUT',
      message: 'city: an address in DE needs a city (and 1 more)',
    });
    const moved = { customerId, addressId: hongKong.id, country: 'DE' };
    expect((await problemOf(staff().updateAddress(moved))).message).toBe(
      'postalCode: an address in DE needs a postal code',
    );
    expect(await staff().updateAddress({ ...moved, postalCode: '10115' })).toMatchObject({ city: 'Kowloon' });
  });

  test.each([
    ['UK', { country: 'UK' }, 'country: UK is not a country code of ISO 3166-1: write GB'],
    [
      'a line break',
      { line1: 'Street 1\r\nBcc: all' },
      'line1: this has to be one line: take out the line break or control character',
    ],
  ])('with %s are refused in words', async (_what, wrong, words) => {
    const { id: customerId } = await customer();
    expect((await problemOf(staff().addAddress({ customerId, ...home, ...wrong }))).message).toBe(words);
  });

  test('that were saved before a rule existed can still be read and left as they are', async () => {
    const { id: customerId } = await customer();
    const { id: addressId } = await staff().addAddress({ customerId, ...home });
    await platform
      .database('customers')
      .run(`UPDATE address SET line1 = E'A\\nB', country = 'UK' WHERE id = $1`, [addressId]);
    expect((await staff().listAddresses({ customerId })).items).toMatchObject([{ line1: 'A\nB', country: 'UK' }]);
    expect(await staff().updateAddress({ customerId, addressId, label: 'old' })).toMatchObject({ label: 'old' });
  });
});
