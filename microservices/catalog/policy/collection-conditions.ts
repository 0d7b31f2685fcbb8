import type { Condition, ConditionField, ConditionOperator } from '../contract/collection-values.ts';
import type { AttributeDefinition } from '../contract/shapes.ts';
import { valueProblem } from './fit.ts';

const EQUALITY: readonly ConditionOperator[] = ['is', 'is_not'];
const ORDER: readonly ConditionOperator[] = ['at_least', 'at_most'];

const OPERATORS: Readonly<Record<Exclude<ConditionField, 'attribute'>, readonly ConditionOperator[]>> = {
  brand: EQUALITY,
  category: EQUALITY,
  price: ORDER,
  stock: ['is'],
  daysPublished: ORDER,
};

/** Ways to compare an attribute of a type. */
const operatorsOf = ({ type }: AttributeDefinition): readonly ConditionOperator[] =>
  type === 'number' || type === 'date' ? [...EQUALITY, ...ORDER] : EQUALITY;

export interface ConditionReference {
  attributes: ReadonlyMap<string, AttributeDefinition>;
  categoryIds: ReadonlySet<string>;
}

/** What is wrong with conditions, a sentence each that names the condition by its number; empty when they are right. */
export const conditionProblems = (conditions: readonly Condition[], reference: ConditionReference): string[] =>
  conditions.flatMap((condition, index) => {
    const problem = problemOf(condition, reference);
    return problem === undefined ? [] : [`Condition ${index + 1}: ${problem}`];
  });

const problemOf = (condition: Condition, reference: ConditionReference): string | undefined => {
  const { field, attribute, operator, values } = condition;
  if ((field === 'attribute') !== (attribute !== undefined))
    return field === 'attribute'
      ? 'name the attribute that it compares.'
      : `leave the attribute out: ${field} is none.`;
  if (field !== 'price' && condition.currency !== undefined) return 'only a price has a currency; leave it out.';
  const definition = attribute === undefined ? undefined : reference.attributes.get(attribute);
  if (attribute !== undefined && !definition) return `there is no attribute "${attribute}". Define it first.`;
  const operators = field === 'attribute' ? (definition ? operatorsOf(definition) : []) : OPERATORS[field];
  if (!operators.includes(operator))
    return `${attribute ?? field} cannot be compared by ${operator}. Use ${operators.join(' or ')}.`;
  if (ORDER.includes(operator) && values.length > 1) return `${operator} takes one value; ${values.length} were given.`;
  return definition
    ? attributeValues(values, definition)
    : valuesOf(field as Exclude<ConditionField, 'attribute'>, values, reference);
};

const attributeValues = (values: readonly string[], definition: AttributeDefinition): string | undefined =>
  firstOf(values, (value) => {
    const problem = valueProblem(typedValue(value, definition), definition);
    return problem && `${JSON.stringify(value)} ${problem}.`;
  });

/** A text as the attribute's type reads it; what cannot be read stays text, which the type then refuses. */
const typedValue = (value: string, { type }: AttributeDefinition): string | number | boolean => {
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
};

const valuesOf = (
  field: Exclude<ConditionField, 'attribute'>,
  values: readonly string[],
  { categoryIds }: ConditionReference,
): string | undefined => {
  switch (field) {
    case 'brand':
      return undefined;
    case 'category':
      return firstOf(values, (value) => (categoryIds.has(value) ? undefined : `there is no category ${value}.`));
    case 'stock':
      return values.length === 1 && (values[0] === 'in_stock' || values[0] === 'out_of_stock')
        ? undefined
        : 'the value of stock is in_stock or out_of_stock.';
    case 'price':
      return firstOf(values, (value) =>
        isWholeNumber(value) ? undefined : `${JSON.stringify(value)} is no price in minor units such as 1999.`,
      );
    case 'daysPublished':
      return firstOf(values, (value) =>
        isWholeNumber(value) && Number(value) <= 36_500
          ? undefined
          : `${JSON.stringify(value)} is no number of days from 0 to 36500.`,
      );
  }
};

const isWholeNumber = (value: string): boolean => /^\d{1,12}$/.test(value);

const firstOf = (values: readonly string[], problem: (value: string) => string | undefined): string | undefined => {
  for (const value of values) {
    const found = problem(value);
    if (found !== undefined) return found;
  }
  return undefined;
};
