import { z } from 'zod';
import { read, write } from './access.ts';
import { expectedVersion, id, line, operation, page, pageQuery, text } from '../../chassis/contract/index.ts';
import { failures, notFound } from './failures.ts';
import { code, localizedChanges, localizedText, slug } from './values.ts';
import { attributeDefinition, attributeType, category, family } from './shapes.ts';

const { VERSION_CONFLICT, SLUG_TAKEN, STILL_NEEDED } = failures;
const NOT_FOUND = notFound('Category');
const CATEGORY_CYCLE = { status: 409, title: 'Category below itself' } as const;
const TOO_DEEP = { status: 422, title: 'Too many category levels', data: z.object({ most: z.int() }) } as const;
const UNKNOWN_PARENT = { status: 422, title: 'Parent category not found' } as const;
const position = z.int().min(0).max(100_000).describe('Order among its siblings');

/** Categories, attributes and families, which give products their order. */
export const structureOperations = {
  createCategory: operation({
    method: 'POST',
    path: '/categories',
    title: 'Create category',
    description: 'Adds a category at the top of the tree or below another.',
    access: write,
    input: z.object({
      title: localizedText(200).describe('Name that shoppers read'),
      slug: slug.optional().describe('Made from the title when not given'),
      description: localizedText(2_000, text).nullable().optional().describe('Text above its products'),
      parentId: id('cat').nullable().optional(),
      position: position.default(0).describe('Order among its siblings'),
    }),
    output: category,
    errors: { SLUG_TAKEN, UNKNOWN_PARENT, TOO_DEEP },
    successStatus: 201,
  }),
  updateCategory: operation({
    method: 'PATCH',
    path: '/categories/{categoryId}',
    title: 'Update or move category',
    description:
      'Changes the fields that are given. A new parentId moves the category with everything below it; null moves it to the top.',
    access: write,
    input: z.object({
      categoryId: id('cat'),
      expectedVersion,
      title: localizedChanges(200).optional().describe('Name that shoppers read'),
      slug: slug.optional(),
      description: localizedChanges(2_000, text).nullable().optional().describe('Text above its products'),
      parentId: id('cat').nullable().optional(),
      position: position.optional(),
    }),
    output: category,
    errors: { NOT_FOUND, VERSION_CONFLICT, SLUG_TAKEN, UNKNOWN_PARENT, CATEGORY_CYCLE, TOO_DEEP },
  }),
  deleteCategory: operation({
    method: 'DELETE',
    path: '/categories/{categoryId}',
    title: 'Delete category',
    description: 'Deletes a category that holds no products and has no categories below it.',
    access: write,
    input: z.object({ categoryId: id('cat') }),
    output: z.object({ categoryId: id('cat') }),
    errors: { NOT_FOUND, STILL_NEEDED },
  }),
  getCategory: operation({
    method: 'GET',
    path: '/categories/{categoryId}',
    title: 'Get category',
    description: 'One category with the categories above it.',
    access: { ...read, public: true },
    input: z.object({ categoryId: id('cat') }),
    output: category.extend({ ancestors: z.array(category).describe('From the top down to the parent') }),
    errors: { NOT_FOUND },
  }),
  listCategories: operation({
    method: 'GET',
    path: '/categories',
    title: 'List categories',
    description: 'All categories, those directly below one, or those whose title contains a text.',
    access: { ...read, public: true },
    input: z.object({
      ...pageQuery,
      parentId: id('cat').optional().describe('Only those directly below this one'),
      top: z.boolean().optional().describe('Whether to list only the top level'),
      search: line(120).optional().describe('Part of the title or the slug'),
    }),
    output: page(category.extend({ products: z.int().describe('Published products in it or below it') })),
  }),
  defineAttribute: operation({
    method: 'PUT',
    path: '/catalog/attributes/{code}',
    title: 'Define attribute',
    description:
      'Creates an attribute, or changes its title, its choices and whether it is a search facet. A type or choice in use cannot be changed.',
    access: write,
    input: z.object({
      code,
      expectedVersion,
      title: localizedChanges(100).describe('Name that shoppers read; languages that are not given keep theirs'),
      type: attributeType,
      options: z.array(line(100)).max(200).default([]).describe('The choices, for type choice'),
      facet: z.boolean().default(false).describe('Whether searches can count and filter by it'),
    }),
    output: attributeDefinition,
    errors: {
      VERSION_CONFLICT,
      ATTRIBUTE_IN_USE: {
        status: 409,
        title: 'Attribute in use',
        data: z.object({ examples: z.array(z.string()) }),
      },
      INVALID_OPTIONS: { status: 422, title: 'Invalid choices' },
    },
  }),
  listAttributes: operation({
    method: 'GET',
    path: '/catalog/attributes',
    title: 'List attributes',
    description: 'Attribute definitions, sorted by code.',
    access: { ...read, public: true },
    input: z.object({ ...pageQuery }),
    output: page(attributeDefinition),
  }),
  defineFamily: operation({
    method: 'PUT',
    path: '/catalog/families/{code}',
    title: 'Define product family',
    description:
      'Creates or changes a family: the required and optional attributes of its products. Refused while it would make published products incomplete.',
    access: write,
    input: z.object({
      code,
      expectedVersion,
      title: localizedChanges(100).describe(
        'Name of the family, for those who write products; languages that are not given keep theirs',
      ),
      required: z
        .array(code)
        .max(100)
        .default([])
        .describe('Attributes without which its products cannot be published'),
      optional: z.array(code).max(100).default([]).describe('Attributes that its products may have'),
    }),
    output: family,
    errors: {
      VERSION_CONFLICT,
      STILL_NEEDED,
      UNKNOWN_ATTRIBUTE: {
        status: 422,
        title: 'Attribute not found',
        data: z.object({ codes: z.array(z.string()) }),
      },
    },
  }),
  listFamilies: operation({
    method: 'GET',
    path: '/catalog/families',
    title: 'List product families',
    description: 'Product families, sorted by code.',
    access: read,
    input: z.object({ ...pageQuery }),
    output: page(family),
  }),
};
