import { z } from 'zod';
import type { Caller } from '../../chassis/auth/caller.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { containing } from '../../chassis/database/like.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Collection, Condition } from '../contract/collection-values.ts';
import { slug as slugShape } from '../contract/values.ts';
import { conditionProblems } from '../policy/collection-conditions.ts';
import { freeSlug, inLocale, slugify } from '../policy/texts.ts';
import { keepsCatalog } from '../policy/visibility.ts';
import {
  deleteCollection,
  findCollection,
  findCollectionBySlug,
  listCollections,
  lockCollection,
  saveCollection,
} from '../store/collections.ts';
import { takenSlugs } from '../store/products.ts';
import { lockCategoriesShared } from '../store/categories.ts';
import { lockAttributesShared } from '../store/definitions.ts';
import { takingUnique } from './change.ts';
import { changedTexts, changedTitle } from './changed-texts.ts';
import { missing } from './missing.ts';

type CommandNames = 'createCollection' | 'updateCollection' | 'deleteCollection';
type QueryNames = 'getCollection' | 'getCollectionBySlug' | 'listCollections';

/** Commands that make, change and delete collections. */
export const collectionCommands = ({ now, settings }: Context): Pick<Handlers, CommandNames> => ({
  createCollection: command(async (tx, { title, ...fields }, { errors }) => {
    const at = now().toISOString();
    const id = newId('col');
    const wanted = fields.slug ?? slugify(inLocale(title, undefined, settings.locale), id.slice(-8));
    const conditions = fields.conditions ?? [];
    const collection: Collection = {
      id,
      slug: fields.slug ?? freeSlug(wanted, await takenSlugs(tx, 'collection', wanted)),
      title,
      description: fields.description ?? null,
      seoTitle: fields.seoTitle ?? null,
      seoDescription: fields.seoDescription ?? null,
      image: fields.image ?? null,
      published: fields.published ?? false,
      match: fields.match ?? 'all',
      conditions,
      sort: fields.sort ?? (conditions.length > 0 ? 'newest' : 'manual'),
      version: 1,
      createdAt: at,
      updatedAt: at,
    };
    await requireConditions(tx, collection.conditions, errors);
    await takingUnique(() => saveCollection(tx, collection), collection, errors);
    announceCollection(tx, collection, 'created');
    return collection;
  }),

  updateCollection: command(async (tx, { collectionId, expectedVersion, ...fields }, { errors }) => {
    const before = await openCollection(tx, collectionId, errors);
    requireVersion({ name: 'The collection', version: before.version }, expectedVersion, errors.VERSION_CONFLICT);
    const collection = {
      ...withChanges(before, {
        ...fields,
        title: changedTitle(before.title, fields.title),
        description: changedTexts(before.description, fields.description),
        seoTitle: changedTexts(before.seoTitle, fields.seoTitle),
        seoDescription: changedTexts(before.seoDescription, fields.seoDescription),
      }),
      version: before.version + 1,
      updatedAt: now().toISOString(),
    };
    await requireConditions(tx, collection.conditions, errors);
    await takingUnique(() => saveCollection(tx, collection), collection, errors);
    announceCollection(tx, collection, 'updated');
    return collection;
  }),

  deleteCollection: command(async (tx, { collectionId }, { errors }) => {
    const collection = await openCollection(tx, collectionId, errors);
    await deleteCollection(tx, collectionId);
    announceCollection(tx, collection, 'deleted');
    return { collectionId };
  }),
});

/** Queries for collections; shoppers see the published ones. */
export const collectionQueries = ({ database }: Context): Pick<Handlers, QueryNames> => ({
  getCollection: async ({ collectionId }, { caller, errors }) =>
    visible(await findCollection(database, collectionId), caller, () =>
      errors.NOT_FOUND(missing.collection(collectionId)),
    ),

  getCollectionBySlug: async ({ slug }, { caller, errors }) =>
    visible(await findCollectionBySlug(database, slug), caller, () =>
      errors.NOT_FOUND(missing.collection(`"${slug}"`)),
    ),

  listCollections: async ({ limit, cursor, search, productId }, { caller }) => {
    const after = readCursor(cursor, z.tuple([slugShape]));
    const filter = {
      like: containing(search?.toLowerCase()) ?? undefined,
      productId,
      published: !keepsCatalog(caller),
    };
    return toPage(await listCollections(database, filter, after?.[0], limit + 1), limit, (row) => [row.slug]);
  },
});

const visible = (collection: Collection | undefined, caller: Caller, notFound: () => Error): Collection => {
  if (!collection || !(collection.published || keepsCatalog(caller))) throw notFound();
  return collection;
};

/** The collection, locked. Throws NOT_FOUND. */
export const openCollection = async (
  tx: Tx,
  collectionId: string,
  errors: Pick<Failures<'deleteCollection'>, 'NOT_FOUND'>,
): Promise<Collection> => {
  const collection = await lockCollection(tx, collectionId);
  if (!collection) throw errors.NOT_FOUND(missing.collection(collectionId));
  return collection;
};

/** Throws INVALID_CONDITIONS, naming each fault. What they refer to cannot go until the transaction ends. */
export const requireConditions = async (
  tx: Queryable,
  conditions: readonly Condition[],
  errors: Pick<Failures<'createCollection'>, 'INVALID_CONDITIONS'>,
): Promise<void> => {
  const codes = conditions.flatMap(({ attribute }) => attribute ?? []);
  const categories = conditions.flatMap(({ field, values }) => (field === 'category' ? values : []));
  const problems = conditionProblems(conditions, {
    attributes: await lockAttributesShared(tx, [...new Set(codes)]),
    categoryIds: await lockCategoriesShared(tx, [...new Set(categories)]),
  });
  if (problems.length > 0) throw errors.INVALID_CONDITIONS(problems.join(' '), { problems });
};

/** Announces what happened to a collection. */
export const announceCollection = (
  tx: Tx,
  { id, slug, published }: Collection,
  change: 'created' | 'updated' | 'products' | 'deleted',
): void => tx.append('collection.changed', id, { collectionId: id, change, slug, published });
