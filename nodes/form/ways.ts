/** Which inputs belong to which of two ways to say what an operation needs. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import type { Either, Way } from './face.ts';

/** The inputs that a way shows. */
export const inputsOf = ({ asks, takes = [], json = {} }: Way): string[] => [...asks, ...takes, ...Object.keys(json)];

/** True for an input that version 1 does not have: it belongs to a later way only. */
export const isLater = (name: string, either: Either | undefined): boolean => {
  const [first, ...others] = Object.values(either?.ways ?? {});
  return first !== undefined && !inputsOf(first).includes(name) && others.some((way) => inputsOf(way).includes(name));
};

/** True for an input that one of the ways cannot do without. */
export const isAsked = (name: string, either: Either | undefined): boolean =>
  Object.values(either?.ways ?? {}).some(({ asks }) => asks.includes(name));

/** Shows a property for one way. */
export const withShow = (property: INodeProperties, name: string, value: string): INodeProperties => ({
  ...property,
  displayOptions: { show: { [name]: [value], ...property.displayOptions?.show } },
});

/** Optional inputs of a way are entries of the collection that only it shows. */
export const inCollectionOfWay = (properties: INodeProperties[], either: Either | undefined): INodeProperties[] => {
  const owner = Object.entries(either?.ways ?? {}).find(([, way]) =>
    properties.some(({ name }) => way.takes?.includes(name)),
  );
  if (!either || !owner) return properties;
  return properties.map((property) => withShow(property, `/${either.choice.name}`, owner[0]));
};
