/** The menus of resources and operations. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../microservices/chassis/contract/index.ts';
import { operationFace, type Face, type OperationFace } from './face.ts';
import { description, titleCase } from './labels.ts';

export interface PlacedOperation {
  resource: string;
  /** The value of the operation parameter. */
  value: string;
  face: OperationFace;
  declared: Operation;
}

/** Every operation of a face with its place on the canvas. Throws when the face names what the contract has not. */
export const placedOperations = ({ contract, resources }: Face): PlacedOperation[] =>
  Object.entries(resources).flatMap(([resource, { operations }]) =>
    Object.entries(operations).map(([value, given]) => {
      const operation = operationFace(given);
      const declared = contract.operations[operation.calls];
      if (!declared) throw new Error(`${contract.domain} declares no operation ${operation.calls}`);
      return { resource, value, face: operation, declared };
    }),
  );

const byName = (left: { name: string }, right: { name: string }) => left.name.localeCompare(right.name, 'en');

const selector = (displayName: string, name: string, about: string): INodeProperties => ({
  displayName,
  name,
  type: 'options',
  noDataExpression: true,
  default: '',
  description: about,
});

/** The menu of resources; what a resource has is the sentence beside it. */
export const resourceSelector = (face: Face, placed: readonly PlacedOperation[]): INodeProperties => {
  const options = Object.entries(face.resources).map(([value, { name, about }]) => ({
    name: name ?? titleCase(value),
    value,
    description:
      about ??
      placed
        .filter(({ resource }) => resource === value)
        .map(operationName)
        .join(', '),
  }));
  return {
    ...selector('Resource', 'resource', 'The kind of thing to work with'),
    options: options.toSorted(byName),
    default: options[0]?.value ?? '',
  };
};

/** The text that n8n's linter asks for. */
const UPSERT = 'Create a new record, or update the current one if it already exists (upsert)';

const operationName = ({ value, face }: PlacedOperation): string => face.name ?? titleCase(value);

/** The first operation a face names is the one that a new node shows. */
export const operationSelector = (resource: string, operations: PlacedOperation[]): INodeProperties => ({
  ...selector('Operation', 'operation', 'The action to take'),
  displayOptions: { show: { resource: [resource] } },
  options: operations
    .map((placed) => ({
      name: operationName(placed),
      value: placed.value,
      description: placed.value === 'upsert' ? UPSERT : description(placed.declared.description),
      action: placed.face.action ?? placed.declared.title,
    }))
    .toSorted(byName),
  default: operations[0]?.value ?? '',
});
