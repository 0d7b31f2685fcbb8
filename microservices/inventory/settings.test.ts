import { readSettings } from './settings.ts';

describe('settings', () => {
  test('without a variable the default holds', () => {
    expect(readSettings({})).toEqual({ expiryIntervalMs: 2_000 });
  });

  test('a wrong value names the variable, what it holds and what it should hold', () => {
    expect(() => readSettings({ INVENTORY_EXPIRY_INTERVAL_MS: 'soon' })).toThrow(
      'INVENTORY_EXPIRY_INTERVAL_MS holds "soon", but should say how often reservations whose time is up are given back, in milliseconds (50 to 60000).',
    );
    expect(() => readSettings({ INVENTORY_EXPIRY_INTERVAL_MS: '1' })).toThrow('holds "1"');
  });
});
