import { randomBytes } from 'node:crypto';
import { pathOf } from '../../microservices/chassis/contract/index.ts';
import { idPrefixOf, type NamedOperation } from '../../microservices/chassis/contract/identifiers.ts';
import type { JsonSchema } from '../../microservices/chassis/contract/schema/json-schema.ts';
import { inLanes } from '../test/lanes.ts';
import { inputSchemaOf } from '../test/operations/input-schema.ts';
import type { Fields, Workshop } from '../test/operations/workshop.ts';

/** The JSON Schema of an operation's input. */
export const schemaOf = ({ declared }: NamedOperation): JsonSchema => inputSchemaOf(declared);

/** What `faultsOf` finds wrong with each operation of a kind. Throws when there are suspiciously few. */
export const everywhere = async (
  workshop: Workshop,
  wanted: (operation: NamedOperation) => boolean,
  faultsOf: (operation: NamedOperation) => Promise<string[]>,
): Promise<string[]> => {
  const operations = [...workshop.operations.values()].filter(wanted);
  if (operations.length < 20) throw new Error(`Only ${operations.length} operations are of this kind.`);
  return (
    await inLanes(
      8,
      operations.map((operation) => () => faultsOf(operation)),
    )
  ).flat();
};

/** Values for the parameters of a path, which belong to nothing. */
export const pathFields = (operation: NamedOperation): Fields => {
  const { properties = {} } = schemaOf(operation);
  return Object.fromEntries(
    [...operation.declared.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
      const prefix = idPrefixOf(properties[name] ?? {});
      return [name, prefix ? `${prefix}_${randomBytes(16).toString('hex')}` : 'none'];
    }),
  );
};

/** The path of an operation on what does not exist. */
export const addressOf = (operation: NamedOperation): string => {
  const ids = pathFields(operation);
  return pathOf(operation.contract, operation.declared).replace(/\{(\w+)\}/g, (_, name: string) => String(ids[name]));
};
