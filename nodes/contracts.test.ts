import { fraudContract } from '../ai/fraud/contract.ts';
import { catalogContract } from '../microservices/catalog/contract.ts';
import type { Contract } from '../microservices/chassis/contract/index.ts';
import { customersContract } from '../microservices/customers/contract.ts';
import { eventsContract } from '../microservices/events/contract.ts';
import { inventoryContract } from '../microservices/inventory/contract.ts';
import { notificationsContract } from '../microservices/notifications/contract.ts';
import { ordersContract } from '../microservices/orders/contract.ts';
import { walletContract } from '../microservices/wallet/contract.ts';
import { catalogFace } from './Catalog/face.ts';
import { customerFace } from './Customer/face.ts';
import { eventFace } from './Event/face.ts';
import { fraudFace } from './Fraud/face.ts';
import { inventoryFace } from './Inventory/face.ts';
import { notificationFace } from './Notification/face.ts';
import { orderFace } from './Order/face.ts';
import type { Face } from './shared/face.ts';
import { formOf, placedOperations } from './shared/form.ts';
import { inputSchema, outputSchema } from './shared/json-schema.ts';
import { pickerOf } from './shared/pickers.ts';
import type { Field, Route } from './shared/route.ts';
import { walletFace } from './Wallet/face.ts';

const faces: [Contract, Face][] = [
  [catalogContract, catalogFace],
  [customersContract, customerFace],
  [eventsContract, eventFace],
  [fraudContract, fraudFace],
  [inventoryContract, inventoryFace],
  [notificationsContract, notificationFace],
  [ordersContract, orderFace],
  [walletContract, walletFace],
];
const contracts = faces.map(([contract]) => contract);

describe.each(faces.map(([contract, face]) => [contract.domain, contract, face] as const))(
  '%s',
  (_domain, contract, face) => {
    const placed = placedOperations(contract, face);
    const form = formOf(contract, face);

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
  if (shape.as === 'rows') return [name, `${name}Input`, shape.json ?? ''];
  return [name];
};

test('pickers ask a list that exists, and show what its entries have', () => {
  const inputs = contracts.flatMap((contract) =>
    Object.values(contract.operations).flatMap((declared) =>
      Object.keys(inputSchema(declared).properties ?? {}).map((name) => ({
        name,
        choice: pickerOf(contract.domain, name),
      })),
    ),
  );
  const chosen = inputs.flatMap(({ name, choice }) => (choice ? [{ name, ...choice }] : []));
  expect(chosen.length).toBeGreaterThan(100);
  for (const { picker } of chosen) {
    const listed = contracts
      .flatMap((contract) => Object.values(contract.operations))
      .find(({ method, path }) => method === 'GET' && `/v1${path}` === picker.path);
    if (!listed) throw new Error(`No operation answers ${picker.path}`);
    const entry = outputSchema(listed).properties?.['items']?.items?.properties ?? {};
    for (const name of [picker.value, ...picker.label]) expect(Object.keys(entry)).toContain(name);
    const query = Object.keys(inputSchema(listed).properties ?? {});
    for (const name of [picker.search, picker.within]) if (name) expect(query).toContain(name);
  }
});
