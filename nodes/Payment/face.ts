import { paymentsContract } from '../../microservices/payments/contract.ts';
import { defineFace } from '../form/face.ts';
import { paymentsPickers } from './pickers.ts';

export const paymentsFace = defineFace(paymentsContract, {
  pickers: paymentsPickers,
  resources: {
    payment: {
      operations: {
        create: 'createPayment',
        authorize: 'authorizePayment',
        get: 'getPayment',
        getMany: { calls: 'listPayments', action: 'Get many payments' },
        capture: 'capturePayment',
        void: 'voidPayment',
        refund: { calls: 'refundPayment' },
      },
    },
    dispute: {
      operations: {
        get: 'getDispute',
        getMany: { calls: 'listDisputes', action: 'Get many disputes' },
        submitEvidence: { calls: 'submitEvidence', action: 'Submit evidence of dispute' },
      },
    },
    ledger: {
      operations: {
        reconcile: { calls: 'reconcilePayments', action: 'Reconcile payments' },
        getReconciliations: { calls: 'listReconciliations', action: 'Get many reconciliations' },
        audit: { calls: 'auditPayments', action: 'Audit payments' },
      },
    },
  },
});
