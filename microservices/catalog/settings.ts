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
});
