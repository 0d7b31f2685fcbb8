import { command, remember } from '../../../microservices/chassis/http/command.ts';
import type { Context, Handlers } from '../context.ts';
import { insertLabel, isKnownOrder } from '../store/labels.ts';

export const labelOrder = ({ now }: Context): Handlers['labelOrder'] =>
  command(async (tx, { orderId, label, source }, { errors }) => {
    if (!(await isKnownOrder(tx, orderId))) {
      const detail = `There is no order ${orderId} here: no order.created of it has arrived and it has no score. Check the id.`;
      return remember(errors.ORDER_NOT_KNOWN(detail, { orderId }));
    }
    const labelled = { orderId, label, source, labelledAt: now().toISOString() };
    await insertLabel(tx, labelled);
    tx.append('fraud.labelled', orderId, labelled);
    return labelled;
  });
