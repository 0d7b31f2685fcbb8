import { newId } from '../../../chassis/ids.ts';
import type { Category } from '../../contract/shapes.ts';
import { MOST_LEVELS } from '../category-tree.ts';
import { freeSlug, slugify } from '../texts.ts';
import { categoryKey, type CatalogPart } from './catalog-part.ts';

export interface RowCategories {
  ids: string[];
  /** Categories of the paths that are not there yet, parents first. */
  created: Category[];
}

/**
 * Finds the categories of a row by their titles from the top down, and makes those that are missing. Returns a sentence
 * when a path is too long.
 */
export const rowCategories = (part: CatalogPart, paths: readonly (readonly string[])[]): RowCategories | string => {
  const created = new Map<string, Category>();
  const slugs = new Set([...part.categories.values()].map((category) => category.slug));
  const ids: string[] = [];
  for (const path of paths) {
    if (path.length > MOST_LEVELS) return `"${path.join(' > ')}" has ${path.length} levels; ${MOST_LEVELS} is the most`;
    let parentId: string | null = null;
    for (const [depth, title] of path.entries()) {
      if (title.length > 200) return `"${title.slice(0, 40)}…" is longer than a category's title can be (200)`;
      const key: string = categoryKey(parentId, title);
      const known: Category | undefined = part.categories.get(key) ?? created.get(key);
      const category: Category =
        known ??
        newCategory(part, parentId, title, freeSlug(slugify(path.slice(0, depth + 1).join(' '), title), slugs));
      if (!known) created.set(key, category);
      slugs.add(category.slug);
      parentId = category.id;
    }
    if (parentId !== null) ids.push(parentId);
  }
  return { ids: [...new Set(ids)], created: [...created.values()] };
};

const newCategory = (part: CatalogPart, parentId: string | null, title: string, slug: string): Category => {
  const at = part.now.toISOString();
  return {
    id: newId('cat'),
    slug,
    title: { [part.settings.locale]: title },
    description: null,
    parentId,
    position: 0,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
};
