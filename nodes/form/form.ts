/** A face and its contract as the form of an n8n node and the routes behind it. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import { isQuery, pathOf, type Operation } from '../../microservices/chassis/contract/index.ts';
import { merged, ofEditions, shown } from './editions.ts';
import type { Face } from './face.ts';
import { formField } from './field.ts';
import { EDITIONS, type Edition, type FormField } from './field/made.ts';
import { inputSchema, outputSchema, unwrapped, type JsonSchema } from './json-schema.ts';
import { besideOf, besideSwitch } from './beside.ts';
import { inWays } from './either.ts';
import { isAsked, isLater } from './ways.ts';
import { collectionOf, options, paging } from './levels.ts';
import { titleCase } from './labels.ts';
import type { PickerChoice } from './pickers.ts';
import type { Mappers, Pickers, Route, Routes } from '../run/route.ts';
import { isNarrowing, subjectOf } from './roles.ts';
import { operationSelector, placedOperations, resourceSelector, type PlacedOperation } from './selectors.ts';
import { streamProperties } from './stream.ts';

export interface Form {
  properties: INodeProperties[];
  routes: Routes;
  pickers: Pickers;
  mappers: Mappers;
}

/** Derives a node's form, its routes and the pickers it needs. */
export const formOf = (face: Face): Form => {
  const placed = placedOperations(face);
  const made = placed.map((operation) => operationForm(face, operation));
  return {
    properties: [
      resourceSelector(face, placed),
      ...Object.keys(face.resources).map((resource) =>
        operationSelector(
          resource,
          placed.filter((one) => one.resource === resource),
        ),
      ),
      ...merged(made.flatMap(({ properties }) => properties)),
    ],
    routes: Object.fromEntries(made.map(({ key, route }) => [key, route])),
    mappers: mappersOf(face, placed),
    pickers: Object.fromEntries(made.flatMap(({ pickers }) => pickers.map(({ method, picker }) => [method, picker]))),
  };
};

/** Where the fields of mapped objects come from. Throws when the contract has not got the list. */
const mappersOf = (face: Face, placed: readonly PlacedOperation[]): Mappers =>
  Object.fromEntries(
    placed.flatMap(({ face: { mapped = {} } }) =>
      Object.values(mapped).map(({ method, calls, within }) => {
        const declared = face.contract.operations[calls];
        if (!declared) throw new Error(`${face.contract.domain} declares no operation ${calls}`);
        const label = face.labels?.[within] ?? face.pickers?.[within]?.title ?? titleCase(within);
        return [method, { path: pathOf(face.contract, declared), within: { parameter: within, label } }];
      }),
    ),
  );

interface OperationForm {
  key: string;
  route: Route;
  pickers: PickerChoice[];
  properties: INodeProperties[];
}

const operationForm = (face: Face, placed: PlacedOperation): OperationForm => {
  const { declared } = placed;
  const show = { resource: [placed.resource], operation: [placed.value] };
  const editions = EDITIONS.map((edition) => ({ edition, ...inEdition(face, placed, edition) }));
  // What is read is the same in every version: a node reads what an older form of it saved.
  const { first, others, collection, answer } = inEdition(face, placed, EDITIONS.at(-1) ?? 2);
  const command = !isQuery(declared);
  const optional = others.map(({ field }) =>
    isNarrowing(field, command) || placed.face.perEvent ? { ...field, narrows: true as const } : field,
  );
  const asked = first.map(({ field }) => field);
  return {
    key: `${placed.resource}.${placed.value}`,
    pickers: [...first, ...others].flatMap(({ pickers }) => pickers),
    route: {
      method: declared.method,
      path: pathOf(face.contract, declared),
      fields: asked,
      ...(collection && { collection: { name: collection.name, fields: optional } }),
      command,
      subject: command
        ? subjectOf(
            placed,
            asked.filter(({ shape }) => shape.as !== 'liquid').map(({ name }) => name),
          )
        : [],
      answer,
      ...(declared.stream && { stream: declared.stream }),
      ...(placed.face.perEvent && { perEvent: true as const }),
      ...(placed.face.perStep !== undefined && { perStep: placed.face.perStep }),
      ...(placed.face.branch !== undefined && { branch: placed.face.branch }),
      ...(placed.face.with && { beside: besideOf(placed.face.with) }),
    },
    properties: ofEditions(
      editions.map(
        ({ edition, properties }) => [edition, properties.map((property) => shown(property, show))] as const,
      ),
    ),
  };
};

/** The fields of an operation, and its form, in one version of the node. */
const inEdition = (face: Face, placed: PlacedOperation, edition: Edition) => {
  const { declared } = placed;
  const { either } = placed.face;
  const schema = inputSchema(declared);
  const answer = answerOf(declared, schema);
  const { first, others } = inputs(face, placed, schema, answer, edition);
  const collection =
    others.length > 0 ? collectionOf(declared, answer, others, edition > 1 ? either : undefined) : undefined;
  return {
    ...{ answer, first, others, collection },
    properties: [
      ...inWays(first, either, edition),
      ...(declared.stream ? streamProperties(declared.stream) : []),
      ...(answer === 'paged' ? paging : []),
      ...(placed.face.with && edition > 1 ? [besideSwitch(placed.face.with)] : []),
      ...(collection ? [collection] : []),
      ...(isQuery(declared) ? [] : [options]),
    ],
  };
};

const PAGING = new Set(['limit', 'cursor']);

interface Inputs {
  first: FormField[];
  others: FormField[];
}

const inputs = (
  face: Face,
  placed: PlacedOperation,
  schema: JsonSchema,
  answer: Route['answer'],
  edition: Edition,
): Inputs => {
  const inPath = [...placed.declared.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const names = Object.keys(schema.properties ?? {})
    .filter((name) => !(name in (face.hidden ?? {})) && !(answer === 'paged' && PAGING.has(name)))
    .filter((name) => edition > 1 || !isLater(name, placed.face.either))
    .toSorted((left, right) => Number(inPath.includes(right)) - Number(inPath.includes(left)));
  const leads = (name: string): boolean => {
    if (placed.face.prominent?.includes(name) || isAsked(name, placed.face.either)) return true;
    const declared = schema.properties?.[name];
    return (schema.required?.includes(name) ?? false) && declared !== undefined && !unwrapped(declared).nullable;
  };
  const isDemanded = (name: string): boolean =>
    (schema.required?.includes(name) ?? false) && name !== placed.face.perStep;
  const made = names.map((name) => ({
    leads: leads(name),
    form: formField(name, schema.properties?.[name] ?? {}, isDemanded(name), {
      edition,
      pickers: face.pickers ?? {},
      labels: face.labels ?? {},
      fresh: placed.face.fresh ?? [],
      whole: placed.face.whole ?? [],
      mapped: placed.face.mapped ?? {},
    }),
  }));
  return {
    first: made.filter((one) => one.leads).map(({ form }) => form),
    others: made.filter((one) => !one.leads).map(({ form }) => form),
  };
};

const answerOf = (declared: Operation, schema: JsonSchema): Route['answer'] => {
  const output = outputSchema(declared);
  if (output.properties?.['items']?.type !== 'array') return 'one';
  return schema.properties?.['cursor'] && schema.properties['limit'] ? 'paged' : 'items';
};
