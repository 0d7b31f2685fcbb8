import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { code as codeShape, type AttributeDefinition } from '../contract/values.ts';
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
} from '../store/structure.ts';

type Names = 'defineAttribute' | 'listAttributes' | 'defineFamily' | 'listFamilies';

const codeKey = z.tuple([codeShape]);

/** Attributes, and the families that say which attributes products have. */
export const definitionHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  defineAttribute: command(async (tx, { code, title, type, facet, ...input }, { errors }) => {
    const attribute = { code, title, type, options: [...new Set(input.options)], facet };
    requireOptions(attribute, errors);
    const examples = await productsInTheWay(tx, attribute, await lockAttribute(tx, code));
    if (examples.length > 0) {
      throw errors.ATTRIBUTE_IN_USE(
        `Products have values that would no longer fit "${code}": ${examples.join(', ')}. Change them first.`,
        { examples },
      );
    }
    await saveAttribute(tx, attribute);
    tx.append('attribute.changed', code, { code });
    return attribute;
  }),

  listAttributes: async ({ limit, cursor }) => {
    const after = readCursor(cursor, codeKey);
    return toPage(await listAttributes(database, after?.[0], limit + 1), limit, (row) => [row.code]);
  },

  defineFamily: command(async (tx, input, { errors }) => {
    await lockFamily(tx, input.code);
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
    const family = { code: input.code, title: input.title, required, optional };
    await saveFamily(tx, family);
    tx.append('family.changed', input.code, { code: input.code });
    return family;
  }),

  listFamilies: async ({ limit, cursor }) => {
    const after = readCursor(cursor, codeKey);
    return toPage(await listFamilies(database, after?.[0], limit + 1), limit, (row) => [row.code]);
  },
});

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

/** Slugs of some products whose values would not fit the attribute any more. */
const productsInTheWay = async (
  tx: Tx,
  { code, type, options }: AttributeDefinition,
  before: AttributeDefinition | undefined,
): Promise<string[]> => {
  if (!before) return [];
  if (before.type !== type) return productsWithAttribute(tx, code, undefined);
  const dropped = before.options.filter((option) => !options.includes(option));
  return dropped.length > 0 ? productsWithAttribute(tx, code, dropped) : [];
};
