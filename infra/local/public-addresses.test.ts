import { readSettings } from '../../microservices/chassis/settings/index.ts';
import { settings as catalogSettings } from '../../microservices/catalog/settings.ts';
import { settings as paymentsSettings } from '../../microservices/payments/settings.ts';
import { publicAddresses } from './public-addresses.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:4100'],
  ['0.0.0.0', 'http://127.0.0.1:4100'],
  ['shop.local', 'http://shop.local:4100'],
  ['::1', 'http://[::1]:4100'],
])('a platform on %s hands out addresses that begin with %s', (host, url) => {
  const environment = publicAddresses({ host, port: 4100 }, {});
  expect(readSettings(catalogSettings, environment).publicUrl).toBe(url);
  expect(readSettings(paymentsSettings, environment).publicUrl).toBe(url);
});

test('what the environment says stands, and a port that is not known yet is no address', () => {
  const said = { CATALOG_PUBLIC_URL: 'https://shop.example.com' };
  expect(publicAddresses({ host: '127.0.0.1', port: 4100 }, said)).toEqual({
    CATALOG_PUBLIC_URL: 'https://shop.example.com',
    PAYMENTS_PUBLIC_URL: 'http://127.0.0.1:4100',
  });
  expect(publicAddresses({ host: '127.0.0.1', port: 0 }, {})).toEqual({});
});
