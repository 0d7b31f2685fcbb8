import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command, startOver } from '../../chassis/http/command.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { code as codeShape, type LocalizedText } from '../contract/values.ts';
import { type AttributeDefinition } from '../contract/shapes.ts';
import type { TextChanges } from '../policy/texts.ts';
import { collectionsOfAttribute } from '../store/collections.ts';
import {
  listAttributes,
  listFamilies,
  lockAttribute,
  lockAttributesShared,
  lockFamily,
  productsLacking,
  productsWithAttribute,
  saveAttribute,
  saveFamily,
} from '../store/definitions.ts';
import { changedTitle } from './changed-texts.ts';

type Names = 'defineAttribute' | 'listAttributes' | 'defineFamily' | 'listFamilies';

const codeKey = z.tuple([codeShape]);

/** Attributes, and the families that say which attributes products have. */
export const definitionHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  defineAttribute: command(async (tx, { code, expectedVersion, type, facet, ...input }, { errors }) => {
    const before = await lockAttribute(tx, code);
    const { version, title } = afterChange(`The attribute "${code}"`, before, { expectedVersion, ...input }, errors);
    const attribute = { code, title, type, options: [...new Set(input.options)], facet, version };
    requireOptions(attribute, errors);
    const examples = await usesInTheWay(tx, attribute, before);
    if (examples.length > 0) {
      throw errors.ATTRIBUTE_IN_USE(
        `Products or collections have values that would no longer fit "${code}": ${examples.join(', ')}. Change them first.`,
        { examples },
      );
    }
    if (!(await saveAttribute(tx, attribute))) throw startOver(undefined);
    tx.append('attribute.changed', code, { code });
    return attribute;
  }),

  listAttributes: async ({ limit, cursor }) => {
    const after = readCursor(cursor, codeKey);
    return toPage(await listAttributes(database, after?.[0], limit + 1), limit, (row) => [row.code]);
  },

  defineFamily: command(async (tx, input, { errors }) => {
    const before = await lockFamily(tx, input.code);
    const { version, title } = afterChange(`The family "${input.code}"`, before, input, errors);
    const required = [...new Set(input.required)];
    const optional = [...new Set(input.optional)].filter((code) => !required.includes(code));
    const known = await lockAttributesShared(tx, [...required, ...optional]);
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
    const family = { code: input.code, title, required, optional, version };
    if (!(await saveFamily(tx, family))) throw startOver(undefined);
    tx.append('family.changed', input.code, { code: input.code });
    return family;
  }),

  listFamilies: async ({ limit, cursor }) => {
    const after = readCursor(cursor, codeKey);
    return toPage(await listFamilies(database, after?.[0], limit + 1), limit, (row) => [row.code]);
  },
});

/** The version and the title that a change makes, of a definition that may be new. Throws VERSION_CONFLICT. */
const afterChange = (
  name: string,
  before: { title: LocalizedText; version: number } | undefined,
  { title, expectedVersion }: { title: TextChanges; expectedVersion?: number | undefined },
  errors: Pick<Failures<'defineFamily'>, 'VERSION_CONFLICT'>,
): { title: LocalizedText; version: number } => {
  requireVersion({ name, version: before?.version }, expectedVersion, errors.VERSION_CONFLICT);
  return { title: changedTitle(before?.title ?? {}, title), version: (before?.version ?? 0) + 1 };
};

/** Throws INVALID_OPTIONS unless the attribute has choices exactly when its type is choice. */
const requireOptions = (
  { type, options }: AttributeDefinition,
  errors: Pick<Failures<'defineAttribute'>, 'INVALID_OPTIONS'>,
): void => {
  if ((type === 'choice') === options.length > 0) return;
  throw errors.INVALID_OPTIONS(
    type === 'choice'
      ? 'An attribute of type choice needs at least one choice.'
      : `An attribute of type ${type} has no choices; leave options empty.`,
  );
};

/** Slugs of some products and collections whose values would not fit the attribute any more. */
const usesInTheWay = async (
  tx: Tx,
  { code, type, options }: AttributeDefinition,
  before: AttributeDefinition | undefined,
): Promise<string[]> => {
  const dropped = before?.options.filter((option) => !options.includes(option)) ?? [];
  if (!before || (before.type === type && dropped.length === 0)) return [];
  const values = before.type === type ? dropped : undefined;
  return [...(await productsWithAttribute(tx, code, values)), ...(await collectionsOfAttribute(tx, code, values))];
};
