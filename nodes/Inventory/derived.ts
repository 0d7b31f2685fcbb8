// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { derive } from '../shared/derive.ts';
import { inventoryFace } from './face.ts';

export const { form, answers } = derive(inventoryContract, inventoryFace);
