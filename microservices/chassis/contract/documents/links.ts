import { idsIn, makersOf, operationsOf, type IdPlace, type Maker, type NamedOperation } from '../identifiers.ts';
import { pathOf, type Contract, type Operation } from '../index.ts';
import type { OpenApiDocument } from './open-api.ts';

/** A link object of OpenAPI: the next operation, and where its ids come from (runtime expressions). */
interface Link {
  operationId: string;
  description: string;
  parameters?: Record<string, string>;
  requestBody?: Record<string, string>;
}

/**
 * Adds links (OpenAPI 3.1, "Link Object") from each operation that makes a thing to those that need its id, so that a
 * reader sees what can come next and tools can follow. Both ends follow from the ids of the contracts.
 */
export const addLinks = (document: OpenApiDocument, contracts: readonly Contract[]): void => {
  const consumers = operationsOf(contracts);
  const prefixes = new Set(consumers.flatMap(({ declared }) => requiredIds(declared).map(({ prefix }) => prefix)));
  for (const prefix of prefixes) {
    const [maker] = makersOf(contracts, prefix);
    if (!maker) continue;
    const links = consumers.flatMap((consumer): [string, Link][] => {
      const link = needs(consumer, prefix) ? linkBetween(maker, consumer) : undefined;
      return link ? [[link.operationId, link]] : [];
    });
    addTo(document, maker, Object.fromEntries(links));
  }
};

const addTo = (document: OpenApiDocument, { contract, declared }: Maker, links: Record<string, Link>): void => {
  const method = declared.method.toLowerCase() as Lowercase<Operation['method']>;
  const responses = document.paths?.[pathOf(contract, declared)]?.[method]?.responses ?? {};
  const success = responses[String(declared.successStatus ?? 200)];
  if (success && !('$ref' in success)) success.links = { ...success.links, ...links };
};

const requiredIds = ({ input }: Operation): IdPlace[] =>
  idsIn(input, 'input').filter(({ required, pointer }) => required && pointer.lastIndexOf('/') === 0);

/**
 * True when an operation is about a thing of this kind: the last one that its path names, or one that its body names
 * where the path names none.
 */
const needs = ({ declared }: NamedOperation, prefix: string): boolean => {
  const ids = requiredIds(declared);
  const last = ids.filter(({ pointer }) => declared.path.includes(`{${pointer.slice(1)}}`)).at(-1);
  return last ? last.prefix === prefix : ids.some((id) => id.prefix === prefix);
};

/**
 * Undefined where an id is needed that the maker neither returns nor was given. Of two ids of one kind only the first
 * comes from the link.
 */
const linkBetween = (maker: Maker, { contract, name, declared }: NamedOperation): Link | undefined => {
  const ids = requiredIds(declared).map((id) => ({ name: id.pointer.slice(1), source: sourceOf(maker, id.prefix) }));
  if (ids.some(({ source }) => source === undefined)) return undefined;
  const sources = ids.filter(({ source }, index) => ids.findIndex((other) => other.source === source) === index);
  const inBody = (field: string): boolean => declared.method !== 'GET' && !declared.path.includes(`{${field}}`);
  const pick = (wanted: boolean): Record<string, string> =>
    Object.fromEntries(
      sources.flatMap(({ name: field, source }) => (inBody(field) === wanted ? [[field, source ?? '']] : [])),
    );
  const [parameters, requestBody] = [pick(false), pick(true)];
  return {
    operationId: `${contract.domain}.${name}`,
    description: declared.title,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(Object.keys(requestBody).length > 0 ? { requestBody } : {}),
  };
};

/** Where a maker's exchange has an id of this prefix, as a runtime expression. */
const sourceOf = ({ declared, pointer }: Maker, prefix: string): string | undefined => {
  const own = idsIn(declared.output, 'output').find((id) => id.pointer === pointer);
  if (own?.prefix === prefix) return `$response.body#${pointer}`;
  const returned = idsIn(declared.output, 'output').find((id) => id.prefix === prefix);
  if (returned) return `$response.body#${returned.pointer}`;
  const given = requiredIds(declared).find((id) => id.prefix === prefix);
  if (!given) return undefined;
  const field = given.pointer.slice(1);
  return declared.path.includes(`{${field}}`) ? `$request.path.${field}` : `$request.body#${given.pointer}`;
};
