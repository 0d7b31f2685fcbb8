import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Category } from '../contract/shapes.ts';
import { categoriesFound } from '../policy/category-search.ts';
import { MOST_LEVELS } from '../policy/category-tree.ts';
import { inLocale, freeSlug, slugify } from '../policy/texts.ts';
import { collectionsOfCategory } from '../store/collections.ts';
import { takenSlugs } from '../store/products.ts';
import {
  allCategories,
  deleteCategory,
  findAncestors,
  findCategory,
  findSubtree,
  hasSubcategories,
  listCategories,
  lockCategory,
  lockTree,
  productsInCategory,
  saveCategories,
} from '../store/categories.ts';
import { takingUnique } from './change.ts';
import { changedTexts, changedTitle } from './changed-texts.ts';
import { missing } from './missing.ts';

const positionAndSlug = z.tuple([z.int32(), z.string().max(200)]);

type CommandNames = 'createCategory' | 'updateCategory' | 'deleteCategory';
type QueryNames = 'getCategory' | 'listCategories';

/** Commands that change the category tree. */
export const categoryCommands = ({ now, settings }: Context): Pick<Handlers, CommandNames> => ({
  createCategory: command(async (tx, input, { errors }) => {
    const at = now().toISOString();
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
      version: 1,
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

  updateCategory: command(async (tx, { categoryId, expectedVersion, parentId, ...fields }, { errors }) => {
    if (parentId !== undefined) await lockTree(tx);
    const before = await lockCategory(tx, categoryId);
    if (!before) throw errors.NOT_FOUND(missing.category(categoryId));
    requireVersion({ name: 'The category', version: before.version }, expectedVersion, errors.VERSION_CONFLICT);
    const moved = parentId !== undefined && parentId !== before.parentId;
    if (moved) await requireMove(tx, before, parentId, errors);
    const description = changedTexts(before.description, fields.description);
    const category: Category = {
      ...before,
      title: changedTitle(before.title, fields.title),
      slug: fields.slug ?? before.slug,
      description: description === undefined ? before.description : description,
      position: fields.position ?? before.position,
      parentId: parentId === undefined ? before.parentId : parentId,
      version: before.version + 1,
      updatedAt: now().toISOString(),
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

  deleteCategory: command(async (tx, { categoryId }, { errors }) => {
    await lockTree(tx);
    const category = await lockCategory(tx, categoryId);
    if (!category) throw errors.NOT_FOUND(missing.category(categoryId));
    await requireUnused(tx, category, errors);
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

/** Throws STILL_NEEDED, saying by what. */
const requireUnused = async (
  tx: Tx,
  category: Category,
  errors: Pick<Failures<'deleteCategory'>, 'STILL_NEEDED'>,
): Promise<void> => {
  if (await hasSubcategories(tx, category.id)) {
    throw errors.STILL_NEEDED(`"${category.slug}" has categories below it. Delete or move them first.`, {
      examples: [],
    });
  }
  const examples = await productsInCategory(tx, category.id);
  if (examples.length > 0) {
    throw errors.STILL_NEEDED(`"${category.slug}" has products (${examples.join(', ')}). Take them out of it first.`, {
      examples,
    });
  }
  const collections = await collectionsOfCategory(tx, category.id);
  if (collections.length > 0) {
    throw errors.STILL_NEEDED(
      `Collections have "${category.slug}" as a condition (${collections.join(', ')}). Change them first.`,
      { examples: collections },
    );
  }
};

/** Queries for the category tree. */
export const categoryQueries = ({ database }: Context): Pick<Handlers, QueryNames> => ({
  getCategory: async ({ categoryId }, { errors }) => {
    const category = await findCategory(database, categoryId);
    if (!category) throw errors.NOT_FOUND(missing.category(categoryId));
    return { ...category, ancestors: await findAncestors(database, categoryId) };
  },

  listCategories: async ({ limit, cursor, search, ...rest }) => {
    const after = readCursor(cursor, positionAndSlug);
    const ids = search === undefined ? undefined : categoriesFound(await allCategories(database), search);
    const filter = { ...rest, ids };
    return toPage(await listCategories(database, filter, after, limit + 1), limit, (row) => [row.position, row.slug]);
  },
});

type PlaceErrors = Pick<Failures<'updateCategory'>, 'UNKNOWN_PARENT' | 'TOO_DEEP' | 'CATEGORY_CYCLE'>;

/**
 * Throws unless a category with `levels` levels (itself included) fits below `parentId`. Returns the ids from the top
 * down to `parentId`.
 */
const requirePlace = async (
  tx: Tx,
  parentId: string | null,
  levels: number,
  errors: Omit<PlaceErrors, 'CATEGORY_CYCLE'>,
): Promise<string[]> => {
  if (parentId === null) return [];
  const parent = await findCategory(tx, parentId);
  if (!parent) throw errors.UNKNOWN_PARENT(missing.category(parentId));
  const way = [...(await findAncestors(tx, parentId)).map((ancestor) => ancestor.id), parentId];
  if (way.length + levels > MOST_LEVELS) {
    throw errors.TOO_DEEP(
      `The tree would get ${way.length + levels} levels; ${MOST_LEVELS} is the most. Choose a parent further up.`,
      { most: MOST_LEVELS },
    );
  }
  return way;
};

const requireMove = async (tx: Tx, category: Category, parentId: string | null, errors: PlaceErrors): Promise<void> => {
  const below = await findSubtree(tx, category.id);
  const levels = 1 + Math.max(...below.map(({ depth }) => depth));
  const way = await requirePlace(tx, parentId, levels, errors);
  if (way.includes(category.id))
    throw errors.CATEGORY_CYCLE(
      `"${category.slug}" cannot move below itself or a category below it. Choose another parent.`,
    );
};
