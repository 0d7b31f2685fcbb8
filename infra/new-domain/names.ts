import { Refusal } from './refusal.ts';
import { pluralOf, singularOf, spellings } from './spelling.ts';

/** Everything in the example that is called by a name: its text → the text of the new domain. */
export type Substitutes = ReadonlyMap<string, string>;

export interface Names {
  /** One lower-case word: folder, schema, scope, topic. */
  domain: string;
  /** Folder of the node, and the end of its class: Order of orders. */
  node: string;
  /** What the domain keeps, as its words: ['gift', 'note']. */
  thing: readonly string[];
  things: readonly string[];
  /** Three letters that its identifiers begin with. */
  prefix: string;
}

/** The names of the example, as its files have them. */
export const EXAMPLE: Names = {
  domain: 'gifting',
  node: 'Gifting',
  thing: ['gift', 'note'],
  things: ['gift', 'notes'],
  prefix: 'gno',
};

/**
 * Reads `new:domain DOMAIN [THING]`. Throws a Refusal that says what a name should be. The prefix is chosen later,
 * among those that are free.
 */
export const readNames = ([domain = '', given, ...more]: readonly string[]): Omit<Names, 'prefix'> => {
  if (more.length > 0)
    throw new Refusal('Give one domain and one thing. Join the words of a thing by dashes: gift-note.');
  if (!/^[a-z]{3,30}$/.test(domain))
    throw new Refusal(
      `The domain holds "${domain}"; it should be one word of 3 to 30 lower-case letters, for example "returns".`,
    );
  const thing = given ?? singularOf(domain);
  if (thing === undefined)
    throw new Refusal(
      `${domain} is no plural: say what it keeps too, for example npm run new:domain ${domain} member.`,
    );
  if (!/^[a-z]{2,20}(-[a-z]{2,20}){0,2}$/.test(thing))
    throw new Refusal(
      `The thing holds "${thing}"; it should be one to three lower-case words, joined by dashes and in the singular, for example "return-request".`,
    );
  const words = thing.split('-');
  const last = words.at(-1) ?? '';
  return {
    domain,
    node: spellings([singularOf(domain) ?? domain]).pascal,
    thing: words,
    things: [...words.slice(0, -1), pluralOf(last)],
  };
};

/** What to write instead of the names of one domain to get those of another. */
export const substitutes = (from: Names, to: Names): Substitutes => {
  const olds = written(from);
  return new Map(written(to).map((text, index) => [olds[index] ?? '', text]));
};

/** Every way in which the names of a domain are written, always in the same order. */
const written = ({ domain, node, thing, things, prefix }: Names): string[] => {
  const [one, many, whole] = [spellings(thing), spellings(things), spellings([domain])];
  const [an, An] = /^[aeiou]/.test(one.spaced) ? ['an', 'An'] : ['a', 'A'];
  return [
    `nodes/${node}`,
    `FusionCommerce${node}`,
    `fusionCommerce${node}`,
    `FusionCommerce ${node}`,
    `'${prefix}'`,
    `${prefix}_`,
    ...[whole.camel, whole.pascal, whole.upper],
    ...[many.camel, many.pascal, many.snake, many.kebab, many.spaced, many.sentence, many.title, many.upper],
    ...[`${an} ${one.spaced}`, `${An} ${one.spaced}`],
    ...[one.camel, one.pascal, one.snake, one.kebab, one.spaced, one.sentence, one.title, one.upper],
  ];
};
