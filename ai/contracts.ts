import type { Contract } from '../microservices/chassis/contract/index.ts';
import { domainContracts } from '../microservices/contracts.ts';
import { fraudContract } from './fraud/contract.ts';

/** The contract of every model, in the order in which the platform shows them. Add a new model here. */
export const modelContracts: readonly Contract[] = [fraudContract];

/** Every contract of the platform: domains first, then models. */
export const allContracts: readonly Contract[] = [...domainContracts, ...modelContracts];
