import { z } from 'zod';
import type { Contract, Operation } from './index.ts';
import type { JsonSchema } from './schema/json-schema.ts';

/**
 * An id in an input or output: its prefix ("ord"), and the JSON Pointer (RFC 6901) that leads to it
 * ("/lines/0/lineId").
 */
export interface IdPlace {
  prefix: string;
  pointer: string;
  required: boolean;
}

/** An operation with the names that lead to it. */
export interface NamedOperation {
  contract: Contract;
  name: string;
  declared: Operation;
}

/** An operation that makes things of a kind, and where its output names the new thing. */
export interface Maker extends NamedOperation {
  pointer: string;
}

type Side = 'input' | 'output';

const ID_PATTERN = /^\^([a-z]+)_\[0-9a-f\]/;
const MAX_DEPTH = 6;

/** The prefix of the ids that a schema takes; undefined where it takes no ids. */
export const idPrefixOf = ({ pattern = '' }: JsonSchema): string | undefined => ID_PATTERN.exec(pattern)?.[1];

const places = new WeakMap<z.ZodType, Partial<Record<Side, readonly IdPlace[]>>>();

/** Every place of an id in a schema, the outermost first. Lists count with their first item. */
export const idsIn = (schema: z.ZodType, side: Side): readonly IdPlace[] => {
  const known = places.get(schema) ?? {};
  const found = known[side] ?? readIds(z.toJSONSchema(schema, { io: side, unrepresentable: 'any' }) as JsonSchema);
  places.set(schema, { ...known, [side]: found });
  return found;
};

const readIds = (root: JsonSchema): readonly IdPlace[] => {
  const found: IdPlace[] = [];
  const visit = (schema: JsonSchema, pointer: string, required: boolean, depth: number): void => {
    const prefix = idPrefixOf(schema);
    if (prefix !== undefined) found.push({ prefix, pointer, required });
    if (depth >= MAX_DEPTH) return;
    const inner = schema.$ref ? root.$defs?.[schema.$ref.replace('#/$defs/', '')] : undefined;
    if (inner) visit(inner, pointer, required, depth + 1);
    for (const part of schema.allOf ?? []) visit(part, pointer, required, depth + 1);
    for (const part of schema.anyOf ?? schema.oneOf ?? []) visit(part, pointer, false, depth + 1);
    for (const [name, part] of Object.entries(schema.properties ?? {}))
      visit(part, `${pointer}/${name}`, required && (schema.required ?? []).includes(name), depth + 1);
    if (schema.items) visit(schema.items, `${pointer}/0`, required && (schema.minItems ?? 0) > 0, depth + 1);
  };
  visit(root, '', true, 0);
  return found.toSorted((left, right) => depthOf(left.pointer) - depthOf(right.pointer));
};

const depthOf = (pointer: string): number => pointer.split('/').length;

/** Every operation of these contracts. */
export const operationsOf = (contracts: readonly Contract[]): NamedOperation[] =>
  contracts.flatMap((contract) =>
    Object.entries(contract.operations).map(([name, declared]) => ({ contract, name, declared })),
  );

/**
 * The operations whose output names an id of this prefix that their input need not name, the plainest first: what adds
 * to a collection (`POST /orders` for `/orders/{orderId}`), then what changes something, then what only reads.
 */
export const makersOf = (contracts: readonly Contract[], prefix: string): Maker[] => {
  const operations = operationsOf(contracts);
  const collections = new Set(operations.flatMap(({ declared }) => collectionOf(declared, prefix) ?? []));
  const effortOf = ({ declared, pointer }: Maker): number =>
    (declared.method === 'GET' ? 1_000 : declared.readOnly ? 50 : 0) +
    (declared.method === 'POST' && collections.has(declared.path) ? 0 : 100) +
    (pointer === '/id' ? 0 : depthOf(pointer) * 10) +
    idsIn(declared.input, 'input').filter(({ required }) => required).length;
  return operations
    .flatMap((operation): Maker[] => {
      const needs = idsIn(operation.declared.input, 'input').some((id) => id.required && id.prefix === prefix);
      const place = idsIn(operation.declared.output, 'output').find((id) => id.prefix === prefix);
      return needs || !place ? [] : [{ ...operation, pointer: place.pointer }];
    })
    .toSorted((left, right) => effortOf(left) - effortOf(right));
};

/** The path of the collection that a thing of this prefix stands in: `/orders` of `/orders/{orderId}/confirm`. */
const collectionOf = ({ path, input }: Operation, prefix: string): string | undefined => {
  const names = idsIn(input, 'input').filter((id) => id.prefix === prefix);
  const parameter = names.map(({ pointer }) => `/{${pointer.slice(1)}}`).find((part) => path.includes(part));
  return parameter === undefined ? undefined : path.slice(0, path.indexOf(parameter));
};

/** The value that a JSON Pointer names; undefined where there is none. */
export const atPointer = (value: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
