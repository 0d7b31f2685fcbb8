/** The properties of all operations and versions of a node as one list. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import { EDITIONS, type Edition } from './field/made.ts';

/** n8n's display condition for a version: later versions show what the last edition shows. */
const versions = (edition: Edition) => (edition === EDITIONS.at(-1) ? [{ _cnd: { gte: edition } }] : [edition]);

/** Shows a property for a resource and an operation. */
export const shown = (property: INodeProperties, show: Record<string, string[]>): INodeProperties => ({
  ...property,
  displayOptions: { show: { ...show, ...property.displayOptions?.show } },
});

/** The properties of one operation in every edition: those that all have stand once, others name their version. */
export const ofEditions = (made: readonly (readonly [Edition, INodeProperties[]])[]): INodeProperties[] => {
  const isShared = (property: INodeProperties): boolean =>
    made.every(([, properties]) => properties.some((one) => JSON.stringify(one) === JSON.stringify(property)));
  const names = [...new Set(made.toReversed().flatMap(([, properties]) => properties.map(({ name }) => name)))];
  return names.flatMap((name) =>
    made.flatMap(([edition, properties], index) =>
      properties
        .filter((property) => property.name === name)
        .flatMap((property) => {
          if (isShared(property)) return index === 0 ? [property] : [];
          return [
            {
              ...property,
              displayOptions: { show: { ...property.displayOptions?.show, '@version': versions(edition) } },
            },
          ];
        }),
    ),
  );
};

/** Required fields come first, then optional ones, then the options of the node. */
const rank = ({ name }: INodeProperties): number =>
  ['returnAll', 'limit', 'filters', 'additionalFields', 'updateFields', 'options'].indexOf(name);

/**
 * One property for all operations of a resource that show exactly the same: a value stays when the operation is
 * changed.
 */
export const merged = (properties: INodeProperties[]): INodeProperties[] => {
  const known = new Map<string, INodeProperties>();
  for (const property of properties) {
    const { operation = [], ...show } = property.displayOptions?.show ?? {};
    const key = JSON.stringify([{ ...property, displayOptions: undefined }, show]);
    const before = known.get(key);
    const operations = [...(before?.displayOptions?.show?.['operation'] ?? []), ...operation];
    known.set(key, { ...property, displayOptions: { show: { ...show, operation: operations } } });
  }
  return [...known.values()].toSorted((left, right) => rank(left) - rank(right));
};
