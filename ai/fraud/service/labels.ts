import { insertLabel, isKnownOrder } from '../store/labels.ts';
import type { FraudHandler } from './context.ts';

export const labelOrder: FraudHandler<'labelOrder'> =
  ({ platform }) =>
  async ({ orderId, label, source }, { errors, commit }) =>
    commit(async (tx) => {
      if (!(await isKnownOrder(tx, orderId))) {
        const detail = `Neither an order.created nor a score of ${orderId} is known here, so there is nothing to label. Check the identifier.`;
        return errors.ORDER_NOT_KNOWN(detail, { orderId });
      }
      const labelled = { orderId, label, source, labelledAt: platform.now().toISOString() };
      await insertLabel(tx, labelled);
      tx.append('fraud.labelled', orderId, labelled);
      return labelled;
    });
