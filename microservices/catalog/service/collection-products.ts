import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Collection } from '../contract/collection-values.ts';
import { countFitting, findMembers, knownProducts, saveMembers } from '../store/collection-products.ts';
import { saveCollection } from '../store/collections.ts';
import { announceCollection, openCollection, requireConditions } from './collections.ts';

type Names = 'addToCollection' | 'removeFromCollection' | 'moveInCollection' | 'previewConditions';

/** A page of this many products is more than people arrange by hand. */
const MOST_PRODUCTS = 5_000;

/** Products of collections that are chosen by hand, and what conditions would find. */
export const collectionProductHandlers = ({ database, now, settings }: Context): Pick<Handlers, Names> => ({
  addToCollection: command(async (tx, { collectionId, productIds }, { errors }) => {
    const collection = await openByHand(tx, collectionId, errors);
    const added = [...new Set(productIds)];
    const known = await knownProducts(tx, added);
    const unknown = added.filter((id) => !known.has(id));
    if (unknown.length > 0)
      throw errors.UNKNOWN_PRODUCT(`There is no product ${unknown.slice(0, 5).join(', ')}. Check the ids.`, {
        productIds: unknown,
      });
    const kept = (await findMembers(tx, collectionId)).filter((id) => !added.includes(id));
    if (kept.length + added.length > MOST_PRODUCTS)
      throw errors.TOO_MANY_PRODUCTS(
        `A collection holds ${MOST_PRODUCTS} products at most that are added by hand. Give it conditions instead.`,
        { most: MOST_PRODUCTS },
      );
    return saveOrder(tx, collection, [...kept, ...added], now());
  }),

  removeFromCollection: command(async (tx, { collectionId, productIds }, { errors }) => {
    const collection = await openByHand(tx, collectionId, errors);
    const members = await findMembers(tx, collectionId);
    const kept = members.filter((id) => !productIds.includes(id));
    return kept.length === members.length ? collection : saveOrder(tx, collection, kept, now());
  }),

  moveInCollection: command(async (tx, { collectionId, productIds, afterProductId }, { errors }) => {
    const collection = await openByHand(tx, collectionId, errors);
    const members = await findMembers(tx, collectionId);
    const moved = [...new Set(productIds)];
    const strangers = [...moved, ...(afterProductId ? [afterProductId] : [])].filter((id) => !members.includes(id));
    if (strangers.length > 0)
      throw errors.NOT_IN_COLLECTION(`${strangers.slice(0, 5).join(', ')}: not in the collection. Add them first.`, {
        productIds: strangers,
      });
    const others = members.filter((id) => !moved.includes(id) || id === afterProductId);
    const place = afterProductId === undefined ? 0 : others.indexOf(afterProductId) + 1;
    const order = others.toSpliced(place, 0, ...moved.filter((id) => id !== afterProductId));
    return saveOrder(tx, collection, order, now());
  }),

  previewConditions: async (rules, { errors }) => {
    await database.transaction((tx) => requireConditions(tx, rules.conditions, errors));
    return countFitting(database, rules, { currency: settings.currency, now: now() });
  },
});

/** A collection without conditions, locked. Throws NOT_FOUND or CHOSEN_BY_CONDITIONS. */
const openByHand = async (
  tx: Tx,
  collectionId: string,
  errors: Pick<Failures<'removeFromCollection'>, 'NOT_FOUND' | 'CHOSEN_BY_CONDITIONS'>,
): Promise<Collection> => {
  const collection = await openCollection(tx, collectionId, errors);
  if (collection.conditions.length === 0) return collection;
  throw errors.CHOSEN_BY_CONDITIONS(
    `The products of "${collection.slug}" are those that fit its conditions. Remove its conditions to choose them by hand.`,
  );
};

const saveOrder = async (tx: Tx, before: Collection, productIds: readonly string[], now: Date): Promise<Collection> => {
  const collection = { ...before, version: before.version + 1, updatedAt: now.toISOString() };
  await saveMembers(tx, before.id, productIds);
  await saveCollection(tx, collection);
  announceCollection(tx, collection, 'products');
  return collection;
};
