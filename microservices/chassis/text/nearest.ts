import { editDistance } from './edit-distance.ts';

/**
 * The name that a mistyped one was probably meant to be: at most a third of its letters differ, whatever their case;
 * undefined when none is near.
 */
export const nearestName = (given: string, names: readonly string[]): string | undefined => {
  const wanted = given.toLowerCase().slice(0, 60);
  const [best] = names
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(Math.max(name.length, wanted.length) / 3)))
    .toSorted((left, right) => left.distance - right.distance);
  return best?.name;
};
