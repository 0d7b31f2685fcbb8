import { catalogContract } from '../catalog/contract.ts';
import type { Client } from '../chassis/client.ts';
import { newId } from '../chassis/ids.ts';
import { Problem } from '../chassis/problem.ts';
import { ordersContract } from '../orders/contract.ts';
import type { inventoryContract } from './contract.ts';

type Inventory = Client<typeof inventoryContract>;

/** Reactions listen to the topics of these; nobody calls their services in tests of this domain. */
export const remote = [catalogContract, ordersContract].map((contract) => ({ contract, url: 'http://127.0.0.1:9' }));

/** A SKU that no other test touches. */
export const freshSku = (): string => `SKU-${newId('x').slice(-12)}`;

/** A location of its own, so that tests do not source from each other. */
export const freshLocation = async (
  api: Inventory,
  rest: Partial<Parameters<Inventory['createLocation']>[0]> = {},
): Promise<string> => {
  const { id } = await api.createLocation({ code: newId('x').slice(-12), name: 'Test hall', country: 'DE', ...rest });
  return id;
};

/** A new SKU with so many units at a new location. */
export const stocked = async (api: Inventory, quantity: number): Promise<{ sku: string; locationId: string }> => {
  const at = { sku: freshSku(), locationId: await freshLocation(api) };
  await api.receiveStock({ ...at, quantity });
  return at;
};

/** The problem that a call fails with; a call that succeeds is the test's failure. */
export const problemOf = async (call: Promise<unknown>): Promise<Problem> => {
  const outcome = await call.then(
    (answer) => new Error(`Expected a failure, got ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof Problem) return outcome;
  throw outcome;
};
