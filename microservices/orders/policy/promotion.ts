import type { Money } from '../../chassis/contract/index.ts';
import { allocate, share, sum, zero } from '../../chassis/money.ts';

export interface PromotionRules {
  kind: 'percentage' | 'amount';
  /** Basis points, with kind percentage. */
  percentage: number | null;
  /** Minor units, with kind amount. */
  amount: number | null;
  currency: string | null;
  minimumSpend: number | null;
  /** Eligible SKUs; empty means all. */
  skus: readonly string[];
  startsAt: string | null;
  endsAt: string | null;
  active: boolean;
}

export type Unusable = 'NOT_ACTIVE' | 'NOT_STARTED' | 'ENDED' | 'OTHER_CURRENCY' | 'MINIMUM_SPEND' | 'NO_ELIGIBLE_ITEM';

/** The parts of a line that a promotion depends on. */
export interface PromotionLine {
  sku: string;
  listTotal: Money;
}

/** Why a promotion's dates, switch or currency forbid it; undefined when they do not. */
export const windowProblem = (promotion: PromotionRules, currency: string, now: Date): Unusable | undefined => {
  if (!promotion.active) return 'NOT_ACTIVE';
  if (promotion.startsAt !== null && now < new Date(promotion.startsAt)) return 'NOT_STARTED';
  if (promotion.endsAt !== null && now >= new Date(promotion.endsAt)) return 'ENDED';
  if (promotion.currency !== null && promotion.currency !== currency) return 'OTHER_CURRENCY';
  return undefined;
};

/**
 * The discount of each line in listed prices, or why the promotion does not apply. The discount is rounded once for the
 * whole order and then shared over the eligible lines by their size, so that the parts sum to it exactly and none
 * exceeds its line.
 */
export const discountLines = (
  promotion: PromotionRules,
  lines: readonly PromotionLine[],
  currency: string,
  now: Date,
): { problem: Unusable } | { discounts: Money[] } => {
  const problem = windowProblem(promotion, currency, now);
  if (problem) return { problem };
  const isEligible = (line: PromotionLine) => promotion.skus.length === 0 || promotion.skus.includes(line.sku);
  const weights = lines.map((line) => (isEligible(line) ? line.listTotal.amount : 0));
  const eligible = sum(
    weights.map((amount) => ({ amount, currency })),
    currency,
  );
  if (!lines.some(isEligible)) return { problem: 'NO_ELIGIBLE_ITEM' };
  if (promotion.minimumSpend !== null && eligible.amount < promotion.minimumSpend) return { problem: 'MINIMUM_SPEND' };
  const discount =
    promotion.kind === 'percentage'
      ? share(eligible, promotion.percentage ?? 0)
      : { amount: Math.min(promotion.amount ?? 0, eligible.amount), currency };
  return { discounts: discount.amount === 0 ? lines.map(() => zero(currency)) : allocate(discount, weights) };
};
