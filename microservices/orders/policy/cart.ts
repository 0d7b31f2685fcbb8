import type { z } from 'zod';
import type { Money } from '../../chassis/contract/index.ts';
import type { cartLine } from '../contract/carts.ts';
import { stockOf, type Availability, type LineStock } from './availability.ts';
import { MAX_LINES, MAX_ORDER_AMOUNT, MAX_QUANTITY } from '../contract/values.ts';

/** A line as it is stored; lines of before stock was shown lack it. */
export type CartLine = Omit<z.infer<typeof cartLine>, keyof LineStock> & Partial<LineStock>;
export interface WantedLine {
  sku: string;
  quantity: number;
}

/** The catalog's price of a SKU. */
export interface ListedPrice {
  sku: string;
  title: string;
  variantTitle: string | null;
  unitPrice: Money;
  taxInclusive: boolean;
  requiresShipping: boolean;
}

export interface Prices {
  lines: readonly ListedPrice[];
  missing: readonly { sku: string; reason: string }[];
  stock: readonly Availability[];
}

/** The same SKU named several times, added up in the order of first mention. */
export const addUp = (lines: readonly WantedLine[]): WantedLine[] => {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
};

/** A limit that lines break, or undefined. */
export const limitBroken = (lines: readonly WantedLine[]): { limit: number; says: string } | undefined => {
  if (lines.length > MAX_LINES) {
    return { limit: MAX_LINES, says: `A cart holds ${MAX_LINES} lines at most; this would make ${lines.length}.` };
  }
  const tooMany = lines.find((line) => line.quantity > MAX_QUANTITY);
  return (
    tooMany && {
      limit: MAX_QUANTITY,
      says: `A line holds ${MAX_QUANTITY} units at most; ${tooMany.sku} would have ${tooMany.quantity}.`,
    }
  );
};

/** Listed prices × quantities in minor units, exact however large. */
const exactSubtotal = (lines: readonly CartLine[]): bigint =>
  lines.reduce((sum, line) => sum + BigInt(line.unitPrice?.amount ?? 0) * BigInt(line.quantity), 0n);

export const costsTooMuch = (lines: readonly CartLine[]): boolean => exactSubtotal(lines) > BigInt(MAX_ORDER_AMOUNT);

/** Ask costsTooMuch first: beyond it the sum may not be exact. */
export const subtotalOf = (lines: readonly CartLine[]): number => Number(exactSubtotal(lines));

/**
 * Lines that are wanted become cart lines: known ones keep their id, new ones get one. Each takes the price it has now;
 * one that was not asked about keeps the price it had.
 */
export const toCartLines = (
  wanted: readonly WantedLine[],
  known: readonly CartLine[],
  prices: Prices,
  newLineId: () => string,
): CartLine[] => {
  const priceOf = new Map(prices.lines.map((line) => [line.sku, line]));
  const missing = new Map(prices.missing.map((line) => [line.sku, line.reason]));
  const lineOf = new Map(known.map((line) => [line.sku, line]));
  return wanted.map(({ sku, quantity }) => {
    const price = priceOf.get(sku);
    const line = lineOf.get(sku);
    const wasAsked = price !== undefined || missing.has(sku);
    const { available, stock }: Partial<LineStock> = price
      ? stockOf({ ...price, quantity }, prices.stock)
      : (line ?? {});
    return {
      lineId: line?.lineId ?? newLineId(),
      sku,
      quantity,
      title: price?.title ?? line?.title ?? sku,
      variantTitle: price?.variantTitle ?? line?.variantTitle ?? null,
      unitPrice: wasAsked ? (price?.unitPrice ?? null) : (line?.unitPrice ?? null),
      taxInclusive: price?.taxInclusive ?? line?.taxInclusive ?? true,
      problem: price ? null : (missing.get(sku) ?? line?.problem ?? null),
      available: available ?? null,
      stock: stock ?? 'unknown',
    };
  });
};

/** Prices that a refresh changed. */
export const priceChanges = (before: readonly CartLine[], after: readonly CartLine[]) => {
  const old = new Map(before.map((line) => [line.sku, line.unitPrice]));
  return after
    .map((line) => ({ lineId: line.lineId, sku: line.sku, before: old.get(line.sku) ?? null, after: line.unitPrice }))
    .filter((change) => change.before?.amount !== change.after?.amount);
};
