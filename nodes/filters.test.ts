import { formOf } from './form/form.ts';
import { readInput } from './run/read-input.ts';
import type { Field, Route } from './run/route.ts';
import { faces } from './testing/faces.ts';

/** The optional fields of all operations, each with its node and operation. */
const optionalFields = faces.flatMap((face) =>
  Object.entries(formOf(face).routes).flatMap(([operation, route]) =>
    (route.collection?.fields ?? []).map((field) => ({
      name: `${face.contract.domain} ${operation} ${field.name}`,
      route,
      field,
    })),
  ),
);

/** The input of an operation when one optional field was added and holds this, and what is said about this field. */
const readWith = (route: Route, { name }: Field, value: unknown) => {
  const parameter = (asked: string) => (asked === route.collection?.name ? { [name]: value } : null);
  const read = readInput(route, { parameter, raw: parameter, zone: 'UTC', unit: 'major', evaluate: () => undefined });
  return { input: read.input, problems: read.problems.filter(({ path }) => path === name) };
};

const located = (value: unknown) => ({ __rl: true, mode: 'id', value });
const EMPTY = [null, undefined, '', ' ', located(null), located(undefined), located(''), {}, []];

test.each(optionalFields.filter(({ route }) => !route.command))(
  '$name: a filter that is empty stops the node',
  ({ route, field }) => {
    for (const value of EMPTY) {
      expect(readWith(route, field, value).problems).toEqual([
        {
          path: field.name,
          label: field.label,
          message: expect.stringMatching(/^It was added and is empty/) as string,
        },
      ]);
    }
  },
);

const NARROWS = /(Ids?|[sS]kus?|Version)$/;
const narrowing = optionalFields.filter(
  ({ route, field: { name, shape } }) =>
    route.command && (NARROWS.test(name) || shape.as === 'rows' || shape.as === 'money') && !('nullable' in shape),
);

test('there are commands that act on more when a field is left out', () => {
  expect(narrowing.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'orders order.refund lines',
      'orders order.markDelivered fulfilmentId',
      'wallet hold.capture amount',
      'orders promotion.create skus',
      'catalog product.update expectedVersion',
    ]),
  );
});

test.each(narrowing)('$name: an ID, a list or an amount that is empty stops the node', ({ route, field }) => {
  for (const value of [null, undefined, '', located(null)])
    expect(readWith(route, field, value).problems).toHaveLength(1);
});

const nullable = optionalFields.filter(({ route, field: { shape } }) => route.command && 'nullable' in shape);

test.each(nullable)('$name: null clears it', ({ route, field }) => {
  expect(readWith(route, field, null).input).toMatchObject({ [field.name]: null });
});
