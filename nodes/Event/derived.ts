// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { eventsContract } from '../../microservices/events/contract.ts';
import { derive } from '../shared/derive.ts';
import { eventFace } from './face.ts';

export const { form, answers } = derive(eventsContract, eventFace);
