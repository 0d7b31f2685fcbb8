import type { Money } from '../../chassis/contract/index.ts';
import type { TaxCategory } from './tax.ts';

export interface ShippingRate {
  countries: readonly string[];
  upToGrams: number | null;
  amount: number;
  freeFrom: number | null;
}

export interface ShippingMethod {
  code: string;
  currency: string;
  title: string;
  taxInclusive: boolean;
  taxCategory: TaxCategory;
  rates: readonly ShippingRate[];
  active: boolean;
}

export interface Shipment {
  country: string;
  weightGrams: number;
  /** Listed prices less discount: what freeFrom looks at. */
  merchandise: Money;
}

export interface ShippingOption {
  method: ShippingMethod;
  price: Money;
}

/**
 * The rate of a method for a shipment: rates that name the country count before those for everywhere; of these the one
 * with the lowest weight limit that carries it. Undefined when none does.
 */
const rateFor = (method: ShippingMethod, shipment: Shipment): ShippingRate | undefined => {
  const named = method.rates.filter((rate) => rate.countries.includes(shipment.country));
  const candidates = named.length > 0 ? named : method.rates.filter((rate) => rate.countries.length === 0);
  return candidates
    .filter((rate) => rate.upToGrams === null || rate.upToGrams >= shipment.weightGrams)
    .toSorted((left, right) => (left.upToGrams ?? Infinity) - (right.upToGrams ?? Infinity))[0];
};

/** The methods that can carry a shipment and what each costs, cheapest first, then by code. */
export const shippingOptions = (methods: readonly ShippingMethod[], shipment: Shipment): ShippingOption[] =>
  methods
    .filter((method) => method.active && method.currency === shipment.merchandise.currency)
    .flatMap((method) => {
      const rate = rateFor(method, shipment);
      if (!rate) return [];
      const free = rate.freeFrom !== null && shipment.merchandise.amount >= rate.freeFrom;
      return [{ method, price: { amount: free ? 0 : rate.amount, currency: method.currency } }];
    })
    .toSorted(
      (left, right) => left.price.amount - right.price.amount || (left.method.code < right.method.code ? -1 : 1),
    );
