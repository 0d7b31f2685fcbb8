import { currency } from '../chassis/contract/index.ts';
import { defineSettings, kinds } from '../chassis/settings/index.ts';
import { locale } from './contract/values.ts';

export const settings = defineSettings({
  locale: {
    variable: 'CATALOG_LOCALE',
    kind: kinds.parsed(locale, 'a language tag such as en or de-AT'),
    default: 'en',
    description: 'Language of texts when a caller names none; imports write to it.',
  },
  currency: {
    variable: 'CATALOG_CURRENCY',
    kind: kinds.parsed(currency, 'a currency code of ISO 4217 such as EUR'),
    default: 'EUR',
    description: 'Currency of prices when a caller names none.',
  },
  publicUrl: {
    variable: 'CATALOG_PUBLIC_URL',
    kind: kinds.url('http', 'https'),
    default: 'http://127.0.0.1:3000',
    description: 'Where browsers reach the platform: addresses of media files begin with it.',
  },
  shopUrl: {
    variable: 'CATALOG_SHOP_URL',
    kind: kinds.optional(kinds.url('http', 'https')),
    description:
      'Where the pages of the shop are: addresses in feeds and sitemaps begin with it; CATALOG_PUBLIC_URL when it is not set.',
  },
  leftoverIntervalMs: {
    variable: 'CATALOG_LEFTOVER_INTERVAL_MS',
    kind: kinds.milliseconds({ min: 20, max: 86_400_000 }),
    default: 3_600_000,
    description: 'How often files of broken uploads and of deleted media are removed, in milliseconds.',
  },
  imageMebibytes: {
    variable: 'CATALOG_IMAGE_MEBIBYTES',
    kind: kinds.integer({ min: 1, max: 200 }),
    default: 30,
    description: 'Largest picture that can be uploaded, in MiB; it is read into memory.',
  },
  videoMebibytes: {
    variable: 'CATALOG_VIDEO_MEBIBYTES',
    kind: kinds.integer({ min: 1, max: 5_000 }),
    default: 500,
    description: 'Largest video or 3-D model that can be uploaded, in MiB.',
  },
});
