import { subtract, sum, zero } from '../../chassis/money.ts';
import { discountLines, type PromotionRules, type Unusable } from './promotion.ts';
import { shippingOptions, type ShippingMethod } from './shipping.ts';
import type { TaxRates } from './tax.ts';
import { roundPerRate, type TaxRounding } from './tax-rounding.ts';
import { listTotal, priceLine, priceShipping, taxesOf, totalsOf, type ListedLine, type PricedLine } from './totals.ts';

/** A promotion with what it was used so far. */
export interface CountedPromotion extends PromotionRules {
  id: string;
  code: string;
  title: string;
  used: number;
  usageLimit: number | null;
  usedByRedeemer: number;
  usageLimitPerCustomer: number | null;
}

export interface QuoteQuestion {
  lines: readonly ListedLine[];
  currency: string;
  country: string;
  /** Code of the wanted method; undefined takes the cheapest. */
  shippingMethod: string | undefined;
  methods: readonly ShippingMethod[];
  taxRates: TaxRates;
  taxRounding: TaxRounding;
  /** The code on the cart and the promotion it names, if any. */
  coupon: { code: string; promotion: CountedPromotion | undefined } | undefined;
  now: Date;
}

type WhyNot = Unusable | 'UNKNOWN' | 'EXHAUSTED' | 'EXHAUSTED_FOR_CUSTOMER';

const limitProblem = (promotion: CountedPromotion): WhyNot | undefined => {
  if (promotion.usageLimit !== null && promotion.used >= promotion.usageLimit) return 'EXHAUSTED';
  if (promotion.usageLimitPerCustomer !== null && promotion.usedByRedeemer >= promotion.usageLimitPerCustomer)
    return 'EXHAUSTED_FOR_CUSTOMER';
  return undefined;
};

/**
 * Each line's discount as listed, or why the code on the cart does not apply. The limits are only looked at: placing
 * counts.
 */
const discountsOf = ({
  lines,
  currency,
  coupon,
  now,
}: QuoteQuestion): { problem: WhyNot } | { discounts: { amount: number; currency: string }[] } => {
  if (!coupon) return { discounts: lines.map(() => zero(currency)) };
  if (!coupon.promotion) return { problem: 'UNKNOWN' };
  const exhausted = limitProblem(coupon.promotion);
  if (exhausted) return { problem: exhausted };
  return discountLines(
    coupon.promotion,
    lines.map((line) => ({ sku: line.sku, listTotal: listTotal(line) })),
    currency,
    now,
  );
};

const shipmentOf = (lines: readonly PricedLine[], { country, currency }: QuoteQuestion) => {
  const shipped = lines.filter((line) => line.requiresShipping);
  return {
    country,
    weightGrams: shipped.reduce((grams, line) => grams + line.weightGrams * line.quantity, 0),
    merchandise: subtract(
      sum(
        lines.map((line) => line.listTotal),
        currency,
      ),
      sum(
        lines.map((line) => line.listDiscount),
        currency,
      ),
    ),
  };
};

/**
 * The price of lines with promotion, shipping and tax: each line, the chosen shipping and what else could be chosen,
 * tax by rate, totals. Or why there is no such price: the code does not apply, or no shipping method carries the goods
 * there.
 */
export const quoteOf = (question: QuoteQuestion) => {
  const { currency, coupon, methods, taxRates } = question;
  const found = discountsOf(question);
  if ('problem' in found)
    return { ok: false, problem: 'PROMOTION_NOT_USABLE', code: coupon?.code ?? '', reason: found.problem } as const;
  const listed = question.lines.map((line, index) =>
    priceLine(line, found.discounts[index] ?? zero(currency), taxRates),
  );

  const shipment = shipmentOf(listed, question);
  const options = listed.some((line) => line.requiresShipping) ? shippingOptions(methods, shipment) : [];
  const chosen = options.find(
    ({ method }) => question.shippingMethod === undefined || method.code === question.shippingMethod,
  );
  if (!chosen && listed.some((line) => line.requiresShipping)) {
    const available = options.map(({ method }) => method.code);
    return {
      ok: false,
      problem: 'NO_SHIPPING_METHOD',
      country: shipment.country,
      weightGrams: shipment.weightGrams,
      available,
    } as const;
  }

  const carried = chosen && { priced: priceShipping(chosen, taxRates), category: chosen.method.taxCategory };
  const { lines, shipping } =
    question.taxRounding === 'rate'
      ? roundPerRate(listed, carried ?? null, currency)
      : { lines: listed, shipping: carried?.priced ?? null };
  const listDiscount = sum(
    lines.map((line) => line.listDiscount),
    currency,
  );
  const priced = {
    lines,
    // A discount that rounds to nothing is none: the code stays unused.
    promotions:
      coupon?.promotion && listDiscount.amount > 0
        ? [
            {
              promotionId: coupon.promotion.id,
              code: coupon.promotion.code,
              title: coupon.promotion.title,
              listDiscount,
            },
          ]
        : [],
    shipping,
    shippingOptions: options.map(({ method, price }) => ({ code: method.code, title: method.title, price })),
    taxes: taxesOf(lines, carried && shipping ? { ...carried, priced: shipping } : null, currency),
    totals: totalsOf(lines, shipping, currency),
  };
  return { ok: true, priced } as const;
};
