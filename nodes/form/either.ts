/** Two ways to say what an operation needs: the choice, and the fields that each way shows. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import type { Either, Way } from './face.ts';
import type { Edition, FormField } from './field/made.ts';
import { firstLevel } from './levels.ts';
import { inputsOf, withShow } from './ways.ts';

/** The fields of the first level, with the choice before the first that depends on it. */
export const inWays = (
  fields: readonly FormField[],
  either: Either | undefined,
  edition: Edition,
): INodeProperties[] => {
  if (!either) return fields.flatMap(firstLevel);
  const ways = Object.entries(either.ways);
  if (edition === 1) return fields.flatMap((field) => demanded(field, ways[0]?.[1]));
  const depends = ({ field: { name } }: FormField): boolean => ways.some(([, way]) => inputsOf(way).includes(name));
  const first = fields.find(depends);
  return fields.flatMap((field) => [
    ...(field === first ? [choiceOf(either)] : []),
    ...(depends(field)
      ? ways.flatMap(([value, way]) => inWay(field, way, either.choice.name, value))
      : firstLevel(field)),
  ]);
};

const demanded = (made: FormField, way: Way | undefined): INodeProperties[] =>
  firstLevel(way?.asks.includes(made.field.name) ? { ...made, field: { ...made.field, required: true } } : made);

const inWay = (made: FormField, way: Way, choice: string, value: string): INodeProperties[] => {
  const { name } = made.field;
  const json = way.json?.[name];
  const inside = way.asks.includes(name) || way.takes?.includes(name);
  const shown = json
    ? made.properties.slice(-1).map((property) => ({ ...property, ...json }))
    : inside
      ? demanded(made, way)
      : [];
  return shown.map((property) => withShow(property, choice, value));
};

const choiceOf = ({ choice, ways }: Either): INodeProperties => ({
  ...choice,
  type: 'options',
  options: Object.entries(ways).map(([value, { name, description }]) => ({ name, value, description })),
  default: Object.keys(ways)[0] ?? '',
});
