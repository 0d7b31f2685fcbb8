import { readSettings } from './settings.ts';

describe('settings of orders', () => {
  test('without any variable the promises of the documentation hold', () => {
    expect(readSettings({})).toEqual({
      quoteMinutes: 15,
      confirmWithinHours: 24,
      cartAbandonedMinutes: 60,
      cartDays: 30,
      jobIntervalMs: 60_000,
      numberPrefix: 'FC-',
    });
  });

  test('what is set counts', () => {
    expect(readSettings({ ORDERS_QUOTE_MINUTES: '5', ORDERS_NUMBER_PREFIX: 'SHOP' })).toMatchObject({
      quoteMinutes: 5,
      numberPrefix: 'SHOP',
    });
  });

  test.each([
    ['ORDERS_QUOTE_MINUTES', '0'],
    ['ORDERS_QUOTE_MINUTES', 'soon'],
    ['ORDERS_CONFIRM_WITHIN_HOURS', '-1'],
    ['ORDERS_CART_DAYS', '1.5'],
    ['ORDERS_NUMBER_PREFIX', 'bad prefix'],
  ])('%s = "%s" stops the start and says which variable, what it holds and what it should hold', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`${name} holds "${value}"; it should hold `));
  });
});
