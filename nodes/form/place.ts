/** Where an operation is asked for, as a node needs it when it runs. Build time only. */
import { pathOf, type Contract, type Operation } from '../../microservices/chassis/contract/index.ts';

export const placeOf = <Declared extends Operation>(
  contract: Contract,
  operation: Declared,
): { method: Declared['method']; path: string } => ({ method: operation.method, path: pathOf(contract, operation) });
