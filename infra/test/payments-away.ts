import { paymentsContract } from '../../microservices/payments/contract.ts';

/** For tests of orders in which nothing is paid through payments: only their topic is needed. */
export const paymentsAway = { contract: paymentsContract, url: 'http://127.0.0.1:9' };
