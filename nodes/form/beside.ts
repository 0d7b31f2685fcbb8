/** Facts of another domain that an operation returns too. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import { pathOf, type Operation } from '../../microservices/chassis/contract/index.ts';
import type { Route } from '../run/route.ts';
import type { Beside } from './face.ts';

/** The query of a face's `with`. Throws when the contract has not got it. */
export const besideOperation = ({ contract, calls }: Beside): Operation => {
  const declared = contract.operations[calls];
  if (!declared) throw new Error(`${contract.domain} declares no operation ${calls}`);
  return declared;
};

export const besideOf = (beside: Beside): NonNullable<Route['beside']> => ({
  parameter: beside.switch.name,
  as: beside.as,
  path: pathOf(beside.contract, besideOperation(beside)),
  input: beside.input,
});

export const besideSwitch = ({ switch: { displayName, name, description } }: Beside): INodeProperties => ({
  displayName,
  name,
  description,
  type: 'boolean',
  default: true,
});
