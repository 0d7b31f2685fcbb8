/**
 * An input that is chosen from a list, and the operation that lists the choices. Build time only: a node keeps the
 * plain pickers that its form uses.
 */
import { pathOf, type Contract } from '../../microservices/chassis/contract/index.ts';
import type { Picker } from '../run/route.ts';
import { inputSchema } from './json-schema.ts';

export interface PickerChoice {
  /** "Order": the label of the input. */
  title: string;
  /** The search method's name: searchOrders. */
  method: string;
  picker: Picker;
}

/** Currencies of ISO 4217, the shop's own first. */
export const currencies: PickerChoice = { title: 'Currency', method: 'searchCurrencies', picker: { currencies: true } };

/** The pickers of a node, by the name of the input. */
export type Pickers = Record<string, PickerChoice>;

/**
 * A picker that asks `list` of a contract. `value` is the field that is chosen (`id` unless given), `within` an input
 * that narrows the list.
 */
export const pickerFrom = <C extends Contract>(
  contract: C,
  title: string,
  method: string,
  list: keyof C['operations'] & string,
  shows: {
    label: string[];
    value?: string;
    search?: string;
    within?: string;
    query?: Record<string, string>;
  },
): PickerChoice => {
  const declared = contract.operations[list];
  if (!declared) throw new Error(`The contract of ${contract.domain} declares no operation ${list}`);
  const search = shows.search ?? ('search' in (inputSchema(declared).properties ?? {}) ? 'search' : undefined);
  return {
    title,
    method,
    picker: {
      path: pathOf(contract, declared),
      ...(search && { search }),
      value: shows.value ?? 'id',
      label: shows.label,
      ...(shows.within && { within: shows.within }),
      ...(shows.query && { query: shows.query }),
    },
  };
};
