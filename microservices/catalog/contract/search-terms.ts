import { z } from 'zod';
import {
  expectedVersion,
  id,
  line,
  operation,
  page,
  pageQuery,
  timestamp,
  version,
} from '../../chassis/contract/index.ts';
import { read, write } from './access.ts';
import { failures, notFound } from './failures.ts';

const SYNONYMS_NOT_FOUND = notFound('Synonyms');
const REDIRECT_NOT_FOUND = notFound('Search redirect');

const phrases = z
  .array(line(60))
  .min(2)
  .max(20)
  .describe('Words or phrases that mean the same, for example ["sofa", "couch", "two seater"]');

export const synonyms = z
  .object({ id: id('syn'), phrases, version, createdAt: timestamp, updatedAt: timestamp })
  .meta({ id: 'Synonyms', title: 'Synonyms' });
export type Synonyms = z.infer<typeof synonyms>;

/** Where a page is: a path of the shop, or an address elsewhere. */
const target = line(2_000)
  .refine(
    (given) => /^\/(?!\/)[\x21-\x7e]*$/.test(given) || /^https?:\/\/[\x21-\x7e]+$/.test(given),
    'a target is a path such as /collections/sale, or an address that begins with http:// or https://',
  )
  .describe('Path of the shop, for example /collections/sale, or a web address');

export const searchRedirect = z
  .object({
    id: id('rdr'),
    query: line(200).describe('Query that leads there, however it is typed'),
    target,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'SearchRedirect', title: 'Search redirect' });
export type SearchRedirect = z.infer<typeof searchRedirect>;

const NO_WORDS = { status: 422, title: 'No words' } as const;
const PHRASE_TAKEN = {
  status: 409,
  title: 'Phrase already has synonyms',
  data: z.object({ phrase: z.string() }),
} as const;
const QUERY_TAKEN = { status: 409, title: 'Query already redirected', data: z.object({ query: z.string() }) } as const;
const { VERSION_CONFLICT } = failures;

/** Words that mean the same in searches, and queries that lead to a page. */
export const searchTermOperations = {
  createSynonyms: operation({
    method: 'POST',
    path: '/catalog/synonyms',
    title: 'Create synonyms',
    description: 'Lets searches for one of these words or phrases find products that have another of them.',
    access: write,
    input: z.object({ phrases }),
    output: synonyms,
    errors: { NO_WORDS, PHRASE_TAKEN },
    successStatus: 201,
  }),
  updateSynonyms: operation({
    method: 'PATCH',
    path: '/catalog/synonyms/{synonymsId}',
    title: 'Update synonyms',
    description: 'Replaces the words and phrases that mean the same.',
    access: write,
    input: z.object({ synonymsId: id('syn'), expectedVersion, phrases }),
    output: synonyms,
    errors: { NOT_FOUND: SYNONYMS_NOT_FOUND, VERSION_CONFLICT, NO_WORDS, PHRASE_TAKEN },
  }),
  deleteSynonyms: operation({
    method: 'DELETE',
    path: '/catalog/synonyms/{synonymsId}',
    title: 'Delete synonyms',
    description: 'Searches take these words as they are again.',
    access: write,
    input: z.object({ synonymsId: id('syn') }),
    output: z.object({ synonymsId: id('syn') }),
    errors: { NOT_FOUND: SYNONYMS_NOT_FOUND },
  }),
  listSynonyms: operation({
    method: 'GET',
    path: '/catalog/synonyms',
    title: 'List synonyms',
    description: 'Words and phrases that mean the same, newest first.',
    access: read,
    input: z.object({ ...pageQuery }),
    output: page(synonyms),
  }),
  createSearchRedirect: operation({
    method: 'POST',
    path: '/catalog/search-redirects',
    title: 'Create search redirect',
    description: 'Lets a query lead to a page: Search products returns its target beside what it finds.',
    access: write,
    input: z.object({ query: line(200).describe('Query that leads there, however it is typed'), target }),
    output: searchRedirect,
    errors: { NO_WORDS, QUERY_TAKEN },
    successStatus: 201,
  }),
  updateSearchRedirect: operation({
    method: 'PATCH',
    path: '/catalog/search-redirects/{redirectId}',
    title: 'Update search redirect',
    description: 'Changes where a query leads.',
    access: write,
    input: z.object({ redirectId: id('rdr'), expectedVersion, target }),
    output: searchRedirect,
    errors: { NOT_FOUND: REDIRECT_NOT_FOUND, VERSION_CONFLICT },
  }),
  deleteSearchRedirect: operation({
    method: 'DELETE',
    path: '/catalog/search-redirects/{redirectId}',
    title: 'Delete search redirect',
    description: 'The query leads nowhere but to its products again.',
    access: write,
    input: z.object({ redirectId: id('rdr') }),
    output: z.object({ redirectId: id('rdr') }),
    errors: { NOT_FOUND: REDIRECT_NOT_FOUND },
  }),
  listSearchRedirects: operation({
    method: 'GET',
    path: '/catalog/search-redirects',
    title: 'List search redirects',
    description: 'Queries that lead to a page, newest first.',
    access: read,
    input: z.object({ ...pageQuery }),
    output: page(searchRedirect),
  }),
};
