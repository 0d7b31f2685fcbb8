import { allContracts } from '../ai/contracts.ts';
import { formOf } from './form/form.ts';
import { placedOperations } from './form/selectors.ts';
import { inputSchema, outputSchema } from './form/json-schema.ts';
import type { Field, Route } from './run/route.ts';
import { faces } from './testing/faces.ts';

test('every contract has one face', () => {
  expect(faces.map(({ contract }) => contract.domain)).toEqual(allContracts.map(({ domain }) => domain).toSorted());
});

describe.each(faces.map((face) => [face.contract.domain, face.contract, face] as const))(
  '%s',
  (_domain, contract, face) => {
    const placed = placedOperations(face);
    const form = formOf(face);

    test('every operation of the contract is on the canvas once, or left out with a reason, and nothing else is', () => {
      const onCanvas = placed.map((one) => one.face.calls);
      const leftOut = Object.keys(face.notOnCanvas ?? {});
      expect([...onCanvas, ...leftOut].toSorted()).toEqual(Object.keys(contract.operations).toSorted());
      for (const reason of Object.values(face.notOnCanvas ?? {})) expect(reason?.length).toBeGreaterThan(20);
    });

    test('every input of an operation can be given, unless it is hidden with a reason', () => {
      for (const { resource, value, declared } of placed) {
        const route = form.routes[`${resource}.${value}`];
        if (!route) throw new Error(`${resource}.${value} has no route`);
        const paging = route.answer === 'paged' ? ['limit', 'cursor'] : [];
        const hidden = Object.keys(face.hidden ?? {});
        const wanted = Object.keys(inputSchema(declared).properties ?? {}).filter(
          (name) => ![...paging, ...hidden].includes(name),
        );
        const names = [...route.fields, ...(route.collection?.fields ?? [])].map(({ name }) => name);
        expect([`${resource}.${value}`, ...names.toSorted()]).toEqual([`${resource}.${value}`, ...wanted.toSorted()]);
      }
    });

    test('nothing that is hidden or labelled is unknown to the contract', () => {
      const inputs = new Set(
        Object.values(contract.operations).flatMap((declared) => Object.keys(inputSchema(declared).properties ?? {})),
      );
      for (const name of [...Object.keys(face.hidden ?? {}), ...Object.keys(face.labels ?? {})])
        expect(inputs).toContain(name);
      for (const { face: operation, declared } of placed)
        for (const name of [...(operation.prominent ?? []), ...(operation.fresh ?? [])])
          expect(Object.keys(inputSchema(declared).properties ?? {})).toContain(name);
    });

    test('no parameter of a form means two things: names of the form itself are free', () => {
      const own = new Set([
        'resource',
        'operation',
        'options',
        'filters',
        'additionalFields',
        'updateFields',
        'returnAll',
      ]);
      for (const [key, route] of Object.entries(form.routes)) {
        const names = parameterNames(route);
        expect([key, names.filter((name) => own.has(name) || (route.answer === 'paged' && name === 'limit'))]).toEqual([
          key,
          [],
        ]);
        expect([key, names.length]).toEqual([key, new Set(names).size]);
      }
    });

    test('the parameters that a route reads are in the form', () => {
      for (const [key, route] of Object.entries(form.routes)) {
        const [resource = '', operation = ''] = key.split('.');
        const shown = form.properties
          .filter(
            ({ displayOptions: { show } = {} }) =>
              show?.['resource']?.includes(resource) && show['operation']?.includes(operation),
          )
          .map(({ name }) => name);
        for (const name of parameterNames(route)) expect([key, ...shown]).toContain(name);
        if (route.collection) expect([key, ...shown]).toContain(route.collection.name);
        expect(shown.includes('options')).toBe(route.command);
      }
    });
  },
);

/** Parameters of the first level that a route reads. */
const parameterNames = (route: Route): string[] => route.fields.flatMap(ownNames);
const ownNames = ({ name, shape }: Field): string[] => {
  if (shape.as === 'money') return [name, shape.currency];
  if (shape.as === 'mapped' || (shape.as === 'texts' && shape.json !== undefined))
    return [name, `${name}Input`, shape.json ?? ''];
  if (shape.as === 'rows') return [name, `${name}Input`, shape.json ?? ''];
  return [name];
};

test('pickers ask a list that exists, and show what its entries have', () => {
  const chosen = faces.flatMap(({ pickers = {} }) => Object.values(pickers));
  expect(chosen.length).toBeGreaterThan(40);
  for (const { picker } of chosen) {
    if ('currencies' in picker) continue;
    const listed = allContracts
      .flatMap((contract) => Object.values(contract.operations))
      .find(({ method, path }) => method === 'GET' && `/v1${path}` === picker.path);
    if (!listed) throw new Error(`No operation answers ${picker.path}`);
    const entry = outputSchema(listed).properties?.['items']?.items?.properties ?? {};
    for (const name of [picker.value, ...picker.label]) expect(Object.keys(entry)).toContain(name);
    const query = Object.keys(inputSchema(listed).properties ?? {});
    for (const name of [picker.search, picker.within]) if (name) expect(query).toContain(name);
  }
});

describe.each(faces.map((face) => [face.contract.domain, face] as const))('the pickers of %s', (_domain, face) => {
  const { contract, pickers = {}, notOnCanvas = {} } = face;
  const inputs = new Set(
    Object.entries(contract.operations)
      .filter(([name]) => !(name in notOnCanvas))
      .flatMap(([, declared]) => Object.keys(inputSchema(declared).properties ?? {})),
  );

  test('belong to inputs of the contract', () => {
    expect(Object.keys(pickers).filter((name) => !inputs.has(name))).toEqual([]);
  });

  test('include each input that other nodes choose from a list by the same name', () => {
    const elsewhere = faces.flatMap((other) => Object.keys(other.pickers ?? {}).filter((name) => name.endsWith('Id')));
    // The owner of a wallet is a customer, the owner of a reservation is an order or anything else.
    const missing = elsewhere.filter((name) => inputs.has(name) && !(name in pickers) && name !== 'ownerId');
    expect(missing).toEqual([]);
  });
});
