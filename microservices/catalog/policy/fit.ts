import type { AttributeValue } from '../contract/values.ts';
import type { AttributeDefinition, Family, Gap, Variant } from '../contract/shapes.ts';
import { allMediaIds, stable, type ProductRecord } from './record.ts';

/** The definitions that a product refers to and is checked against. */
export interface Reference {
  attributes: ReadonlyMap<string, AttributeDefinition>;
  families: ReadonlyMap<string, Family>;
  categoryIds: ReadonlySet<string>;
  mediaIds: ReadonlySet<string>;
}

/**
 * The contradictions in a product: options that do not match its axes, variants that cannot be distinguished, values
 * that do not suit their attribute, things that do not exist. Empty when there are none.
 */
export const misfits = (product: ProductRecord, reference: Reference): Gap[] => [
  ...(product.family !== null && !reference.families.has(product.family)
    ? [{ field: 'family', message: `There is no family "${product.family}". Define it first, or choose another.` }]
    : []),
  ...product.categoryIds
    .filter((id) => !reference.categoryIds.has(id))
    .map((id) => ({ field: 'categoryIds', message: `There is no category ${id}.` })),
  ...allMediaIds(product)
    .filter((id) => !reference.mediaIds.has(id))
    .map((id) => ({ field: 'mediaIds', message: `There is no media file ${id}. Upload it first.` })),
  ...Object.entries(product.attributes).flatMap(([code, value]) =>
    attributeMisfit(code, value, reference.attributes.get(code)),
  ),
  ...axisMisfits(product.optionAxes),
  ...product.variants.flatMap((variant) => optionMisfits(variant, product.optionAxes)),
  ...twins(product.variants),
];

const attributeMisfit = (code: string, value: AttributeValue, definition: AttributeDefinition | undefined): Gap[] => {
  const field = `attribute.${code}`;
  if (!definition) return [{ field, message: `There is no attribute "${code}". Define it first.` }];
  const problem = valueProblem(value, definition);
  return problem ? [{ field, message: `${JSON.stringify(value)} ${problem}` }] : [];
};

/** The fault of a value for an attribute, as the rest of a sentence; undefined when it is right. */
export const valueProblem = (value: AttributeValue, definition: AttributeDefinition): string | undefined => {
  switch (definition.type) {
    case 'number':
      return typeof value === 'number' ? undefined : 'is not a number';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'is neither true nor false';
    case 'text':
      return typeof value === 'string' ? undefined : 'is not text';
    case 'date':
      return typeof value === 'string' && isDay(value) ? undefined : 'is not a day such as 2026-11-23';
    case 'choice':
      return typeof value === 'string' && definition.options.includes(value)
        ? undefined
        : `is not one of ${definition.options.slice(0, 20).join(', ')}`;
  }
};

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  // The round trip refuses the 30th of February, which Date would turn into the 2nd of March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

const axisMisfits = (axes: readonly string[]): Gap[] =>
  new Set(axes).size === axes.length
    ? []
    : [{ field: 'optionAxes', message: `${axes.join(', ')}: an option axis is named twice.` }];

const optionMisfits = (variant: Variant, axes: readonly string[]): Gap[] => {
  const missing = axes.filter((axis) => !Object.hasOwn(variant.options, axis));
  const surplus = Object.keys(variant.options).filter((axis) => !axes.includes(axis));
  return [
    ...missing.map((axis) => ({
      field: `variant.${variant.sku}`,
      message: `${variant.sku} has no value for the option axis "${axis}".`,
    })),
    ...surplus.map((axis) => ({
      field: `variant.${variant.sku}`,
      message: `${variant.sku} has a value for "${axis}", which is no option axis of the product.`,
    })),
  ];
};

const twins = (variants: readonly Variant[]): Gap[] => {
  const first = new Map<string, string>();
  return variants.flatMap((variant) => {
    const key = stable(variant.options);
    const twin = first.get(key);
    if (twin === undefined) {
      first.set(key, variant.sku);
      return [];
    }
    return [
      {
        field: `variant.${variant.sku}`,
        message: `${variant.sku} and ${twin} have the same options: variants of a product differ in their option axes.`,
      },
    ];
  });
};
