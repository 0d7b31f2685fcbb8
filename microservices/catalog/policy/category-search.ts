import { queryWords, searchable } from '../../chassis/text/search-words.ts';
import type { Category } from '../contract/shapes.ts';

/**
 * Ids of the categories that have a text in a title or in the slug, however it is written; none when the text has no
 * words.
 */
export const categoriesFound = (
  categories: readonly Pick<Category, 'id' | 'title' | 'slug'>[],
  search: string,
): string[] => {
  if (queryWords(search).length === 0) return [];
  const wanted = searchable(search);
  return categories
    .filter(({ title, slug }) => [slug, ...Object.values(title)].some((text) => searchable(text).includes(wanted)))
    .map(({ id }) => id);
};
