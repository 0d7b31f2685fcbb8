import { untilWithin } from '../../../../microservices/chassis/testing/until.ts';
import type { Fields, Person, Workshop } from '../workshop.ts';

/** Makes the fields of an input that its contract does not tell. Gets the fields that are fixed already. */
export type Recipe = (workshop: Workshop, owner: Person, given: Fields) => Fields | Promise<Fields>;
export type Recipes = Readonly<Record<string, Recipe>>;

export const until = untilWithin(20_000);

/** Another operation runs first, and this one acts on the same thing. */
export const after =
  (step: string): Recipe =>
  async (workshop, owner, given) => {
    const input = await workshop.inputFor(step, owner, given);
    await workshop.run(step, input);
    const { path } = workshop.operation(step).declared;
    return Object.fromEntries(Object.entries(input).filter(([name]) => path.includes(`{${name}}`)));
  };

/** Both, one after the other; the second knows what the first made. */
export const also =
  (first: Recipe, second: Recipe): Recipe =>
  async (workshop, owner, given) => {
    const made = await first(workshop, owner, given);
    return { ...made, ...(await second(workshop, owner, { ...made, ...given })) };
  };
