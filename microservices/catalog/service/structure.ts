import { z } from 'zod';
import type { FailureConstructors } from '../../chassis/problem.ts';
import { newId } from '../../chassis/ids.ts';
import type { structureOperations } from '../contract/structure.ts';
import { code as codeShape, type Category } from '../contract/values.ts';
import { MOST_LEVELS } from '../policy/category-tree.ts';
import { inLocale, freeSlug, slugify } from '../policy/texts.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { takenSlugs } from '../store/products.ts';
import {
  deleteCategory,
  findAncestors,
  findCategory,
  findSubtree,
  hasSubcategories,
  holdAttributes,
  listAttributes,
  listCategories,
  listFamilies,
  lockAttribute,
  lockCategory,
  lockFamily,
  lockTree,
  productsInCategory,
  productsLacking,
  productsWithAttribute,
  saveAttribute,
  saveCategories,
  saveFamily,
} from '../store/structure.ts';
import { changedTexts, changedTitle } from './changed-texts.ts';
import { takingUnique } from './change.ts';
import type { CatalogContext, CatalogHandlers, CatalogTransaction } from './context.ts';

const positionAndSlug = z.tuple([z.int32(), z.string().max(200)]);
const codeKey = z.tuple([codeShape]);

type CategoryCommandNames = 'createCategory' | 'updateCategory' | 'deleteCategory';
type CategoryQueryNames = 'getCategory' | 'listCategories';
type DefinitionNames = 'defineAttribute' | 'listAttributes' | 'defineFamily' | 'listFamilies';

/** The category tree as it is changed. */
export const categoryCommands = ({ platform, settings }: CatalogContext): CatalogHandlers<CategoryCommandNames> => ({
  createCategory: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const at = platform.now().toISOString();
      await lockTree(tx);
      const id = newId('cat');
      const wanted = input.slug ?? slugify(inLocale(input.title, undefined, settings.locale), id.slice(-8));
      const category: Category = {
        id,
        slug: input.slug ?? freeSlug(wanted, await takenSlugs(tx, 'category', wanted)),
        title: input.title,
        description: input.description ?? null,
        parentId: input.parentId ?? null,
        position: input.position,
        createdAt: at,
        updatedAt: at,
      };
      await requirePlace(tx, category.parentId, 1, errors);
      await takingUnique(() => saveCategories(tx, [category]), { slug: category.slug }, errors);
      tx.append('category.changed', id, {
        categoryId: id,
        change: 'created',
        slug: category.slug,
        parentId: category.parentId,
      });
      return category;
    }),

  updateCategory: async ({ categoryId, parentId, ...fields }, { commit, errors }) =>
    commit(async (tx) => {
      if (parentId !== undefined) await lockTree(tx);
      const before = await lockCategory(tx, categoryId);
      if (!before) throw errors.NOT_FOUND(`There is no category ${categoryId}.`);
      const moved = parentId !== undefined && parentId !== before.parentId;
      if (moved) await requireMove(tx, before, parentId, errors);
      const description = changedTexts(before.description, fields.description);
      const category: Category = {
        ...before,
        title: changedTitle(before.title, fields.title) ?? before.title,
        slug: fields.slug ?? before.slug,
        description: description === undefined ? before.description : description,
        position: fields.position ?? before.position,
        parentId: parentId === undefined ? before.parentId : parentId,
        updatedAt: platform.now().toISOString(),
      };
      await takingUnique(() => saveCategories(tx, [category]), { slug: category.slug }, errors);
      tx.append('category.changed', categoryId, {
        categoryId,
        change: moved ? 'moved' : 'updated',
        slug: category.slug,
        parentId: category.parentId,
      });
      return category;
    }),

  deleteCategory: async ({ categoryId }, { commit, errors }) =>
    commit(async (tx) => {
      await lockTree(tx);
      const category = await lockCategory(tx, categoryId);
      if (!category) throw errors.NOT_FOUND(`There is no category ${categoryId}.`);
      if (await hasSubcategories(tx, categoryId)) {
        throw errors.STILL_NEEDED(`"${category.slug}" has categories below it. Delete or move them first.`, {
          examples: [],
        });
      }
      const examples = await productsInCategory(tx, categoryId);
      if (examples.length > 0) {
        throw errors.STILL_NEEDED(
          `"${category.slug}" holds products (${examples.join(', ')}). Take them out of it first.`,
          { examples },
        );
      }
      await deleteCategory(tx, categoryId);
      tx.append('category.changed', categoryId, {
        categoryId,
        change: 'deleted',
        slug: category.slug,
        parentId: category.parentId,
      });
      return { categoryId };
    }),
});

/** The category tree as it is asked for. */
export const categoryQueries = ({ platform }: CatalogContext): CatalogHandlers<CategoryQueryNames> => ({
  getCategory: async ({ categoryId }, { errors }) => {
    const category = await findCategory(platform.database, categoryId);
    if (!category) throw errors.NOT_FOUND(`There is no category ${categoryId}.`);
    return { ...category, ancestors: await findAncestors(platform.database, categoryId) };
  },

  listCategories: async ({ limit, cursor, ...filter }) => {
    const after = readCursor(cursor, positionAndSlug);
    return toPage(await listCategories(platform.database, filter, after, limit + 1), limit, (row) => [
      row.position,
      row.slug,
    ]);
  },
});

type PlaceErrors = Pick<
  FailureConstructors<(typeof structureOperations)['updateCategory']['errors']>,
  'UNKNOWN_PARENT' | 'TOO_DEEP' | 'CATEGORY_CYCLE'
>;

/** Throws unless a category with `levels` levels (itself included) can stand below `parentId`. Answers the way to it. */
const requirePlace = async (
  tx: CatalogTransaction,
  parentId: string | null,
  levels: number,
  errors: Omit<PlaceErrors, 'CATEGORY_CYCLE'>,
): Promise<string[]> => {
  if (parentId === null) return [];
  const parent = await findCategory(tx, parentId);
  if (!parent) throw errors.UNKNOWN_PARENT(`There is no category ${parentId} to stand below.`);
  const way = [...(await findAncestors(tx, parentId)).map((ancestor) => ancestor.id), parentId];
  if (way.length + levels > MOST_LEVELS) {
    throw errors.TOO_DEEP(
      `The tree would get ${way.length + levels} levels; ${MOST_LEVELS} is the most. Choose a parent further up.`,
      { most: MOST_LEVELS },
    );
  }
  return way;
};

const requireMove = async (
  tx: CatalogTransaction,
  category: Category,
  parentId: string | null,
  errors: PlaceErrors,
): Promise<void> => {
  const below = await findSubtree(tx, category.id);
  const levels = 1 + Math.max(...below.map(({ depth }) => depth));
  const way = await requirePlace(tx, parentId, levels, errors);
  if (way.includes(category.id))
    throw errors.CATEGORY_CYCLE(`"${category.slug}" cannot stand below itself or a category below it.`);
};

export const definitionHandlers = ({ platform }: CatalogContext): CatalogHandlers<DefinitionNames> => ({
  defineAttribute: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const options = [...new Set(input.options)];
      if ((input.type === 'choice') !== options.length > 0) {
        throw errors.INVALID_OPTIONS(
          input.type === 'choice'
            ? 'An attribute of type choice needs at least one choice.'
            : `An attribute of type ${input.type} has no choices; leave options empty.`,
        );
      }
      const before = await lockAttribute(tx, input.code);
      const dropped = before?.options.filter((option) => !options.includes(option)) ?? [];
      const examples = !before
        ? []
        : before.type !== input.type
          ? await productsWithAttribute(tx, input.code, undefined)
          : dropped.length > 0
            ? await productsWithAttribute(tx, input.code, dropped)
            : [];
      if (examples.length > 0) {
        throw errors.ATTRIBUTE_IN_USE(
          `Products have values that would no longer fit "${input.code}": ${examples.join(', ')}. Change them first.`,
          { examples },
        );
      }
      const attribute = { code: input.code, title: input.title, type: input.type, options, facet: input.facet };
      await saveAttribute(tx, attribute);
      tx.append('attribute.changed', input.code, { code: input.code });
      return attribute;
    }),

  listAttributes: async ({ limit, cursor }) => {
    const after = readCursor(cursor, codeKey);
    return toPage(await listAttributes(platform.database, after?.[0], limit + 1), limit, (row) => [row.code]);
  },

  defineFamily: async (input, { commit, errors }) =>
    commit(async (tx) => {
      await lockFamily(tx, input.code);
      const required = [...new Set(input.required)];
      const optional = [...new Set(input.optional)].filter((code) => !required.includes(code));
      const known = await holdAttributes(tx, [...required, ...optional]);
      const codes = [...required, ...optional].filter((code) => !known.has(code));
      if (codes.length > 0)
        throw errors.UNKNOWN_ATTRIBUTE(`There is no attribute ${codes.join(', ')}. Define it first.`, { codes });
      const examples = await productsLacking(tx, input.code, required);
      if (examples.length > 0) {
        throw errors.STILL_NEEDED(
          `Published products lack an attribute that would be required: ${examples.join(', ')}. Complete them first.`,
          { examples },
        );
      }
      const family = { code: input.code, title: input.title, required, optional };
      await saveFamily(tx, family);
      tx.append('family.changed', input.code, { code: input.code });
      return family;
    }),

  listFamilies: async ({ limit, cursor }) => {
    const after = readCursor(cursor, codeKey);
    return toPage(await listFamilies(platform.database, after?.[0], limit + 1), limit, (row) => [row.code]);
  },
});
