import type { SqlValue } from '../../chassis/database/index.ts';
import type { Collection, Condition } from '../contract/collection-values.ts';
import { lowestPrice } from './lowest-price.ts';

/** Adds a value to a statement's parameters and returns its placeholder. */
export type Bind = (value: SqlValue) => string;

/** Parameters of a statement whose text is put together from parts. */
export const parameters = (...first: SqlValue[]): { values: SqlValue[]; bind: Bind } => {
  const values = [...first];
  return { values, bind: (value) => `$${values.push(value)}` };
};

interface Shop {
  /** Currency of prices where a condition names none. */
  currency: string;
  now: Date;
}

/**
 * SQL that is true for the rows `p` of product that fit the conditions. Values are parameters, so the text, and with it
 * the plan that PostgreSQL keeps, depends on the kinds of conditions only.
 */
export const fittingSql = (
  { match, conditions }: Pick<Collection, 'match' | 'conditions'>,
  shop: Shop,
  bind: Bind,
): string =>
  `(${conditions.map((condition) => holds(condition, shop, bind)).join(match === 'all' ? ' AND ' : ' OR ')})`;

const holds = (condition: Condition, { currency, now }: Shop, bind: Bind): string => {
  const { field, values } = condition;
  switch (field) {
    case 'brand':
      return oneOf(condition, `p.brand = ANY(${bind(values)}::text[])`);
    case 'category':
      return oneOf(condition, `p.category_ids && ${subtrees(bind(values))}`);
    case 'attribute':
      return attributeHolds(condition, bind);
    case 'price': {
      const price = lowestPrice('p.id', bind(condition.currency ?? currency), `${bind(now)}::timestamptz`);
      return `coalesce(${price} ${comparison(condition)} ${bind(Number(values[0]))}::bigint, false)`;
    }
    case 'stock':
      return values[0] === 'in_stock' ? IN_STOCK : `NOT ${IN_STOCK}`;
    case 'daysPublished':
      // At most 30 whole days ago is less than 31 days ago.
      return condition.operator === 'at_least'
        ? `p.published_at <= ${bind(daysBefore(now, Number(values[0])))}::timestamptz`
        : `p.published_at > ${bind(daysBefore(now, Number(values[0]) + 1))}::timestamptz`;
  }
};

const oneOf = ({ operator }: Condition, equal: string): string =>
  operator === 'is_not' ? `NOT coalesce(${equal}, false)` : `coalesce(${equal}, false)`;

const comparison = ({ operator }: Condition): string => (operator === 'at_least' ? '>=' : '<=');

/** The categories of an array with all below them. Without a row of `p` in it, it is read once a statement. */
const subtrees = (ids: string): string => `ARRAY(
  WITH RECURSIVE below AS (
    SELECT id FROM category WHERE id = ANY(${ids}::text[])
    UNION SELECT category.id FROM below JOIN category ON category.parent_id = below.id
  ) SELECT id FROM below)`;

const IN_STOCK = `EXISTS (
  SELECT 1 FROM variant v JOIN stock_seen s ON s.sku = v.sku WHERE v.product_id = p.id AND v.sellable AND s.in_stock)`;

/** Numbers are compared as numbers (5 is 5.0), all else as text, days in their order. */
const attributeHolds = (condition: Condition, bind: Bind): string => {
  const { attribute = '', values } = condition;
  const value = `p.attributes -> ${bind(attribute)}::text`;
  const numbers = values.map(Number).filter(Number.isFinite);
  const text = `((${value}) #>> '{}') COLLATE "C"`;
  const isNumber = `jsonb_typeof(${value}) = 'number'`;
  if (condition.operator === 'is' || condition.operator === 'is_not')
    return oneOf(
      condition,
      `CASE WHEN ${isNumber} THEN (${value})::numeric = ANY(${bind(numbers)}::numeric[]) ELSE ${text} = ANY(${bind(values)}::text[]) END`,
    );
  return numbers.length === 0
    ? `coalesce(NOT ${isNumber} AND ${text} ${comparison(condition)} ${bind(values[0])}::text, false)`
    : `coalesce(CASE WHEN ${isNumber} THEN (${value})::numeric ${comparison(condition)} ${bind(numbers[0])}::numeric END, false)`;
};

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000);
