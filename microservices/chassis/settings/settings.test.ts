import { z } from 'zod';
import { defineSettings, kinds, readSettings, settingRows, type SettingsOf } from './index.ts';

const settings = defineSettings({
  pauseMs: {
    variable: 'SHOP_PAUSE_MS',
    kind: kinds.milliseconds({ min: 50, max: 60_000 }),
    default: 2_000,
    description: 'Pause between two runs.',
  },
  isOpen: { variable: 'SHOP_OPEN', kind: kinds.boolean, default: true, description: 'Whether the shop sells.' },
  mode: {
    variable: 'SHOP_MODE',
    kind: kinds.choice('local', 'open', 'off'),
    default: 'local',
    description: 'Who may look.',
  },
  mirrors: {
    variable: 'SHOP_MIRRORS',
    kind: kinds.list(kinds.url('http', 'https'), { max: 2 }),
    default: [],
    description: 'Other addresses of the shop.',
  },
  prefix: {
    variable: 'SHOP_PREFIX',
    kind: kinds.parsed(z.string().regex(/^[A-Z-]{0,5}$/), 'up to 5 capital letters and dashes'),
    default: 'FC-',
    description: 'First part of order numbers.',
  },
  home: { variable: 'SHOP_URL', kind: kinds.optional(kinds.url('https')), description: 'Address of the shop.' },
  password: {
    variable: 'SHOP_PASSWORD',
    kind: kinds.parsed(z.string().min(8), 'at least 8 characters'),
    secret: true,
    description: 'Password of the shop.',
  },
});

test('what is not set has its default, and the values are typed', () => {
  const read: SettingsOf<typeof settings> = readSettings(settings, { SHOP_PASSWORD: 'correct horse' });
  const typed: { pauseMs: number; isOpen: boolean; mode: 'local' | 'open' | 'off'; home: string | undefined } = read;
  expect(typed).toEqual({
    pauseMs: 2_000,
    isOpen: true,
    mode: 'local',
    mirrors: [],
    prefix: 'FC-',
    home: undefined,
    password: 'correct horse',
  });
  // @ts-expect-error A setting that was not declared cannot be read.
  expect(read.unknown).toBeUndefined();
});

test('what is set is read by its kind', () => {
  const environment = {
    SHOP_PAUSE_MS: '50',
    SHOP_OPEN: 'false',
    SHOP_MODE: 'off',
    SHOP_MIRRORS: 'http://a.example, https://b.example',
    SHOP_PREFIX: '',
    SHOP_URL: 'https://shop.example',
    SHOP_PASSWORD: '12345678',
  };
  expect(readSettings(settings, environment)).toEqual({
    pauseMs: 50,
    isOpen: false,
    mode: 'off',
    mirrors: ['http://a.example', 'https://b.example'],
    prefix: '',
    home: 'https://shop.example',
    password: '12345678',
  });
});

test('one error names every wrong variable, what it holds and what it should be; secrets are not shown', () => {
  const environment = {
    SHOP_PAUSE_MS: '49',
    SHOP_OPEN: 'yes',
    SHOP_MODE: 'shut',
    SHOP_MIRRORS: 'http://a.example,ftp://b.example',
    SHOP_URL: 'https://',
    SHOP_PASSWORD: 'hunter2',
  };
  expect(() => readSettings(settings, environment)).toThrow(
    new Error(
      [
        'SHOP_PAUSE_MS holds "49", but should be a whole number of milliseconds from 50 to 60000.',
        'SHOP_OPEN holds "yes", but should be true or false.',
        'SHOP_MODE holds "shut", but should be local, open or off.',
        'SHOP_MIRRORS holds "http://a.example,ftp://b.example", but should be at most 2 values separated by commas, each a URL that begins with http:// or https://.',
        'SHOP_URL holds "https://", but should be a URL that begins with https://.',
        'SHOP_PASSWORD holds something else (not shown), but should be at least 8 characters.',
      ].join('\n'),
    ),
  );
  expect(() => readSettings(settings, {})).toThrow('SHOP_PASSWORD is not set, but should be at least 8 characters.');
});

test.each(['', ' 50', '5e1', '0x40', '50.5', '60001', '９９'])('%j is no whole number from 50 to 60000', (text) => {
  expect(() => readSettings(settings, { SHOP_PASSWORD: '12345678', SHOP_PAUSE_MS: text })).toThrow(`holds "${text}"`);
});

test('a default must be of its kind', () => {
  defineSettings({
    // @ts-expect-error The default of a number is a number.
    count: { variable: 'COUNT', kind: kinds.integer({ min: 0, max: 9 }), default: 'one', description: 'A number.' },
  });
});

test('rows of the table say what each variable is for', () => {
  const rows = settingRows('shop', settings);
  expect(rows).toHaveLength(7);
  expect(rows[0]).toEqual({
    variable: 'SHOP_PAUSE_MS',
    service: 'shop',
    default: '2000',
    expected: 'a whole number of milliseconds from 50 to 60000',
    description: 'Pause between two runs.',
    isSecret: false,
    isRequired: false,
  });
  expect(rows.at(-1)).toMatchObject({ variable: 'SHOP_PASSWORD', default: '', isSecret: true, isRequired: true });
});
