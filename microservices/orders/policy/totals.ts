import type { z } from 'zod';
import type { Money } from '../../chassis/contract/index.ts';
import { add, multiply, subtract, sum, zero } from '../../chassis/money.ts';
import {
  MAX_ORDER_AMOUNT,
  type pricedLine,
  type pricedShipping,
  type taxSum,
  type totals,
} from '../contract/values.ts';
import type { ShippingOption } from './shipping.ts';
import { rateOf, taxed, type TaxCategory, type TaxRates } from './tax.ts';

export type PricedLine = z.infer<typeof pricedLine>;
export type PricedShipping = z.infer<typeof pricedShipping>;
export type TaxSum = z.infer<typeof taxSum>;
export type Totals = z.infer<typeof totals>;

/** A line as the catalog priced it. */
export interface ListedLine {
  lineId: string;
  sku: string;
  productId: string;
  variantId: string;
  title: string;
  variantTitle: string | null;
  quantity: number;
  unitPrice: Money;
  taxInclusive: boolean;
  taxCategory: TaxCategory;
  priceId: string;
  priceVersion: number;
  weightGrams: number;
  requiresShipping: boolean;
  offer?: PricedLine['offer'];
}

/** True when prices × quantities stay within what an order can come to; asked before anything is multiplied. */
export const isWithinLimit = (lines: readonly Pick<ListedLine, 'unitPrice' | 'quantity'>[]): boolean =>
  lines.reduce((total, line) => total + BigInt(line.unitPrice.amount) * BigInt(line.quantity), 0n) <=
  BigInt(MAX_ORDER_AMOUNT);

export const listTotal = (line: Pick<ListedLine, 'unitPrice' | 'quantity'>): Money =>
  multiply(line.unitPrice, line.quantity);

/**
 * A line with its tax. `net` is the line before discount without tax; the tax is that of the discounted line, rounded
 * once per line; the discount without tax is the difference, so that total = net − discount + tax holds to the minor
 * unit in both tax modes.
 */
export const priceLine = (line: ListedLine, listDiscount: Money, rates: TaxRates): PricedLine => {
  const taxRate = rateOf(rates, line.taxCategory);
  const listed = listTotal(line);
  const before = taxed(listed, taxRate, line.taxInclusive);
  const after = taxed(subtract(listed, listDiscount), taxRate, line.taxInclusive);
  return {
    ...line,
    taxRate,
    listTotal: listed,
    listDiscount,
    net: before.net,
    discount: subtract(before.net, after.net),
    tax: after.tax,
    total: add(after.net, after.tax),
  };
};

export const priceShipping = ({ method, price }: ShippingOption, rates: TaxRates): PricedShipping => {
  const taxRate = rateOf(rates, method.taxCategory);
  const { net, tax } = taxed(price, taxRate, method.taxInclusive);
  return {
    code: method.code,
    title: method.title,
    taxCategory: method.taxCategory,
    listPrice: price,
    taxInclusive: method.taxInclusive,
    taxRate,
    net,
    tax,
    total: add(net, tax),
  };
};

/**
 * The sums of an order: grandTotal = items − discount + shipping + tax, which is also the sum of what lines and
 * shipping cost.
 */
export const totalsOf = (lines: readonly PricedLine[], shipping: PricedShipping | null, currency: string): Totals => {
  const items = sum(
    lines.map((line) => line.net),
    currency,
  );
  const discount = sum(
    lines.map((line) => line.discount),
    currency,
  );
  const shippingNet = shipping?.net ?? zero(currency);
  const tax = add(
    sum(
      lines.map((line) => line.tax),
      currency,
    ),
    shipping?.tax ?? zero(currency),
  );
  return {
    items,
    discount,
    shipping: shippingNet,
    tax,
    grandTotal: add(add(subtract(items, discount), shippingNet), tax),
  };
};

/** Tax by category and rate, as invoices show it. */
export const taxesOf = (
  lines: readonly PricedLine[],
  shipping: { priced: PricedShipping; category: TaxCategory } | null,
  currency: string,
): TaxSum[] => {
  const parts = [
    ...lines.map((line) => ({
      category: line.taxCategory,
      rate: line.taxRate,
      base: subtract(line.net, line.discount),
      tax: line.tax,
    })),
    ...(shipping
      ? [
          {
            category: shipping.category,
            rate: shipping.priced.taxRate,
            base: shipping.priced.net,
            tax: shipping.priced.tax,
          },
        ]
      : []),
  ];
  const groups = Map.groupBy(parts, (part) => `${part.category} ${part.rate}`);
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map(({ category, rate }) => ({
      category,
      rate,
      base: sum(
        group.map((part) => part.base),
        currency,
      ),
      tax: sum(
        group.map((part) => part.tax),
        currency,
      ),
    })),
  );
};
