import { z } from 'zod';
import {
  choices,
  country,
  currency,
  expectedVersion,
  line,
  minorUnitsOf,
  operation,
  reference,
  version,
  VERSION_CONFLICT,
} from '../../chassis/contract/index.ts';
import { read, write } from './access.ts';
import { basisPoints, taxCategory } from './values.ts';

const MAX_RATE = 1_000_000_000_000;

const shippingRate = z.object({
  countries: z.array(country).max(300).describe('Countries it applies to; empty means all that no other rate names'),
  upToGrams: z.int().min(0).max(2_000_000_000).nullable().describe('For shipments up to this weight; null: any weight'),
  amount: minorUnitsOf('currency', z.int().min(0).max(MAX_RATE), 'Price of the shipping'),
  freeFrom: minorUnitsOf(
    'currency',
    z.int().min(0).max(MAX_RATE),
    'Free when the listed prices less discount reach this; null: never free',
  ).nullable(),
});

const methodKey = { code: reference.describe('Short name, for example standard'), currency };

const methodFields = {
  title: line(100).describe('Text that customers read'),
  taxInclusive: z.boolean().describe('Whether amounts contain the tax'),
  taxCategory,
  rates: z.array(shippingRate).min(1).max(500).describe('Prices by country and weight; the first that fits applies'),
  active: z.boolean().describe('Whether customers can choose it'),
};

export const shippingMethod = z
  .object({ ...methodKey, ...methodFields, version })
  .meta({ id: 'ShippingMethod', title: 'Shipping method' });

export const taxRate = z
  .object({ country, category: taxCategory, rate: basisPoints, title: z.string().nullable() })
  .meta({ id: 'TaxRate', title: 'Tax rate' });

const ratedCategory = choices({
  standard: 'The usual rate of the country',
  reduced: 'The lower rate, for example of food or books',
}).describe('Which tax rate of a country');

export const shippingAndTaxOperations = {
  setShippingMethod: operation({
    method: 'PUT',
    path: '/shipping-methods/{code}/{currency}',
    title: 'Set shipping method',
    description:
      'Creates or replaces a shipping method of one currency. A rate that names the country goes before one for all countries; of those, the one with the lowest weight limit that carries the shipment is used.',
    access: write,
    input: z.object({
      ...methodKey,
      expectedVersion,
      title: methodFields.title,
      taxInclusive: methodFields.taxInclusive.default(true),
      taxCategory: methodFields.taxCategory.default('standard'),
      rates: methodFields.rates,
      active: methodFields.active.default(true),
    }),
    output: shippingMethod,
    errors: { VERSION_CONFLICT },
  }),
  listShippingMethods: operation({
    method: 'GET',
    path: '/shipping-methods',
    title: 'List shipping methods',
    description: 'All shipping methods by code and currency.',
    access: { ...read, public: true },
    input: z.object({
      currency: currency.optional(),
      active: z.boolean().optional().describe('Whether those that can be chosen are returned, or the others'),
    }),
    output: z.object({ items: z.array(shippingMethod) }),
  }),
  deleteShippingMethod: operation({
    method: 'DELETE',
    path: '/shipping-methods/{code}/{currency}',
    title: 'Delete shipping method',
    description: 'Deletes a shipping method. Quotes and orders keep theirs.',
    access: write,
    input: z.object(methodKey),
    output: z.object(methodKey),
    errors: { SHIPPING_METHOD_NOT_FOUND: { status: 404, title: 'Shipping method not found' } },
  }),
  setTaxRate: operation({
    method: 'PUT',
    path: '/tax-rates/{country}/{category}',
    title: 'Set tax rate',
    description:
      'Sets the tax rate of a country and category. A country without rates is not taxed; a category without a rate takes the standard rate; category zero is never taxed.',
    access: write,
    input: z.object({
      country,
      category: ratedCategory,
      rate: basisPoints,
      title: line(100).nullable().default(null).describe('Name of the tax there, for example MwSt.'),
    }),
    output: taxRate,
  }),
  listTaxRates: operation({
    method: 'GET',
    path: '/tax-rates',
    title: 'List tax rates',
    description: 'All tax rates by country and category.',
    access: { ...read, public: true },
    input: z.object({ country: country.optional() }),
    output: z.object({ items: z.array(taxRate) }),
  }),
  deleteTaxRate: operation({
    method: 'DELETE',
    path: '/tax-rates/{country}/{category}',
    title: 'Delete tax rate',
    description: 'Deletes a tax rate. Quotes and orders stay as they are.',
    access: write,
    input: z.object({ country, category: ratedCategory }),
    output: z.object({ country, category: taxCategory }),
    errors: { TAX_RATE_NOT_FOUND: { status: 404, title: 'Tax rate not found' } },
  }),
} as const;
