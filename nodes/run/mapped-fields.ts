/** The fields of n8n's resource mappers: asks the platform what the values are called. */
import {
  NodeOperationError,
  type ILoadOptionsFunctions,
  type ResourceMapperField,
  type ResourceMapperFields,
} from 'n8n-workflow';
import { textOf } from './given.ts';
import { advice } from './problem.ts';
import type { Mapper, Mappers } from './route.ts';
import { send } from './transport.ts';

type Fields = (this: ILoadOptionsFunctions) => Promise<ResourceMapperFields>;

/** The methods of a node that tell the fields, by the names that its resource mappers call. */
export const resourceMapping = (mappers: Mappers): Record<string, Fields> =>
  Object.fromEntries(
    Object.entries(mappers).map(([name, mapper]): [string, Fields] => [
      name,
      async function () {
        return fieldsOf(this, mapper);
      },
    ]),
  );

const fieldsOf = async (
  context: ILoadOptionsFunctions,
  { path, within: { parameter, label } }: Mapper,
): Promise<ResourceMapperFields> => {
  const given = textOf(context.getCurrentNodeParameter(parameter));
  if (given === '') return { fields: [], emptyFieldsNotice: `Choose a ${label.toLowerCase()} first.` };
  if (given.startsWith('='))
    return { fields: [], emptyFieldsNotice: `The ${label.toLowerCase()} is an expression: give the values as JSON.` };
  const answer = await send(context, {
    method: 'GET',
    path: path.replace(`{${parameter}}`, encodeURIComponent(given)),
    once: true,
  });
  if (!answer.ok)
    throw new NodeOperationError(context.getNode(), answer.problem.detail, { description: advice(answer.problem) });
  const { items } = answer.body as { items: { name: string; example: unknown }[] };
  const emptyFieldsNotice = `This ${label.toLowerCase()} needs no values.`;
  return { fields: items.map(fieldOf), ...(items.length === 0 && { emptyFieldsNotice }) };
};

const EXAMPLE = 60;

const fieldOf = ({ name, example }: { name: string; example: unknown }): ResourceMapperField => ({
  id: name,
  displayName: example === null ? name : `${name} (${exampleText(example)})`,
  defaultMatch: false,
  required: false,
  display: true,
  ...typeOf(example),
});

const exampleText = (example: unknown): string => {
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  return text.length > EXAMPLE ? `${text.slice(0, EXAMPLE)} …` : text;
};

/** Without an example nothing is known of the value, and n8n leaves it as it is. */
const typeOf = (example: unknown): Pick<ResourceMapperField, 'type'> => {
  if (example === null) return {};
  if (Array.isArray(example)) return { type: 'array' };
  const kind = typeof example;
  return kind === 'number' || kind === 'boolean' || kind === 'object' ? { type: kind } : { type: 'string' };
};
