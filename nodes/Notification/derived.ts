// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { derive } from '../shared/derive.ts';
import { notificationFace } from './face.ts';

export const { form, answers } = derive(notificationsContract, notificationFace);
