import { z } from 'zod';
import { id as idOf } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { isUniqueViolation } from '../../chassis/database/index.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Synonyms } from '../contract/search-terms.ts';
import { foldedPhrase, MOST_PHRASE_WORDS } from '../policy/synonyms.ts';
import {
  deleteRedirect,
  deleteSynonyms,
  listRedirects,
  listSynonyms,
  lockRedirect,
  lockSynonyms,
  saveRedirect,
  saveSynonyms,
} from '../store/search-terms.ts';
import { missing } from './missing.ts';

type SynonymNames = 'createSynonyms' | 'updateSynonyms' | 'deleteSynonyms' | 'listSynonyms';
type RedirectNames = 'createSearchRedirect' | 'updateSearchRedirect' | 'deleteSearchRedirect' | 'listSearchRedirects';

/** Words and phrases that mean the same in searches. */
export const synonymHandlers = ({ database, now }: Context): Pick<Handlers, SynonymNames> => ({
  createSynonyms: command(async (tx, { phrases }, { errors }) => {
    const at = now().toISOString();
    const synonyms = { id: newId('syn'), phrases, version: 1, createdAt: at, updatedAt: at };
    await save(tx, synonyms, errors);
    announceSynonyms(tx, synonyms.id, 'created');
    return synonyms;
  }),

  updateSynonyms: command(async (tx, { synonymsId, expectedVersion, phrases }, { errors }) => {
    const before = await lockSynonyms(tx, synonymsId);
    if (!before) throw errors.NOT_FOUND(missing.synonyms(synonymsId));
    requireVersion({ name: 'The synonyms', version: before.version }, expectedVersion, errors.VERSION_CONFLICT);
    const synonyms = { ...before, phrases, version: before.version + 1, updatedAt: now().toISOString() };
    await save(tx, synonyms, errors);
    announceSynonyms(tx, synonymsId, 'updated');
    return synonyms;
  }),

  deleteSynonyms: command(async (tx, { synonymsId }, { errors }) => {
    if (!(await lockSynonyms(tx, synonymsId))) throw errors.NOT_FOUND(missing.synonyms(synonymsId));
    await deleteSynonyms(tx, synonymsId);
    announceSynonyms(tx, synonymsId, 'deleted');
    return { synonymsId };
  }),

  listSynonyms: async ({ limit, cursor }) => {
    const before = readCursor(cursor, z.tuple([idOf('syn')]));
    return toPage(await listSynonyms(database, before?.[0], limit + 1), limit, (row) => [row.id]);
  },
});

/** Queries that lead to a page. */
export const redirectHandlers = ({ database, now }: Context): Pick<Handlers, RedirectNames> => ({
  createSearchRedirect: command(async (tx, { query, target }, { errors }) => {
    const folded = foldedPhrase(query);
    if (folded === '') throw errors.NO_WORDS(`"${query}" has no letters and digits. Give at least one word.`);
    const at = now().toISOString();
    const redirect = { id: newId('rdr'), query, target, version: 1, createdAt: at, updatedAt: at };
    await saveRedirect(tx, redirect, folded).catch((error: unknown) => {
      if (!isUniqueViolation(error, 'search_redirect_folded')) throw error;
      throw errors.QUERY_TAKEN(`The query "${query}" leads somewhere already. Change that redirect.`, { query });
    });
    announceRedirect(tx, redirect.id, 'created');
    return redirect;
  }),

  updateSearchRedirect: command(async (tx, { redirectId, expectedVersion, target }, { errors }) => {
    const before = await lockRedirect(tx, redirectId);
    if (!before) throw errors.NOT_FOUND(missing.redirect(redirectId));
    requireVersion({ name: 'The redirect', version: before.version }, expectedVersion, errors.VERSION_CONFLICT);
    const redirect = { ...before, target, version: before.version + 1, updatedAt: now().toISOString() };
    await saveRedirect(tx, redirect, foldedPhrase(redirect.query));
    announceRedirect(tx, redirectId, 'updated');
    return redirect;
  }),

  deleteSearchRedirect: command(async (tx, { redirectId }, { errors }) => {
    if (!(await lockRedirect(tx, redirectId))) throw errors.NOT_FOUND(missing.redirect(redirectId));
    await deleteRedirect(tx, redirectId);
    announceRedirect(tx, redirectId, 'deleted');
    return { redirectId };
  }),

  listSearchRedirects: async ({ limit, cursor }) => {
    const before = readCursor(cursor, z.tuple([idOf('rdr')]));
    return toPage(await listRedirects(database, before?.[0], limit + 1), limit, (row) => [row.id]);
  },
});

type Change = 'created' | 'updated' | 'deleted';

const announceSynonyms = (tx: Tx, synonymsId: string, change: Change): void =>
  tx.append('synonyms.changed', synonymsId, { synonymsId, change });

const announceRedirect = (tx: Tx, redirectId: string, change: Change): void =>
  tx.append('search_redirect.changed', redirectId, { redirectId, change });

/** Saves synonyms. Throws NO_WORDS for phrases that no query can match, and PHRASE_TAKEN. */
const save = async (
  tx: Tx,
  synonyms: Synonyms,
  errors: Pick<Failures<'createSynonyms'>, 'NO_WORDS' | 'PHRASE_TAKEN'>,
): Promise<void> => {
  const folded = synonyms.phrases.map(foldedPhrase);
  const unusable = synonyms.phrases.find((_, index) => !isPhrase(folded[index] ?? ''));
  if (unusable !== undefined)
    throw errors.NO_WORDS(`"${unusable}" is no phrase of 1 to ${MOST_PHRASE_WORDS} words. Change it.`);
  const different = [...new Set(folded)];
  if (different.length < 2)
    throw errors.NO_WORDS(`"${synonyms.phrases[0] ?? ''}" is all of them in another spelling. Give a different word.`);
  await saveSynonyms(tx, synonyms, different).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'synonym_phrase_pkey')) throw error;
    const detail = error instanceof Error && 'detail' in error ? String(error.detail) : '';
    const phrase = different.find((each) => detail.includes(`=(${each})`)) ?? '';
    throw errors.PHRASE_TAKEN(`"${phrase}" has synonyms already. Add the others to those.`, { phrase });
  });
};

const isPhrase = (folded: string): boolean => folded !== '' && folded.split(' ').length <= MOST_PHRASE_WORDS;
