import { inWords } from '../../chassis/money.ts';
import { newId } from '../../chassis/ids.ts';
import { CASH } from '../policy/payment.ts';
import { planShipment } from '../policy/shipment.ts';
import { insertFulfilment, markDelivered, setTracking } from '../store/fulfilments.ts';
import { findFulfilments, findLines, type Fulfilment } from '../store/order.ts';
import { lockHead } from '../store/order-head.ts';
import { actorOf } from './access.ts';
import { about, blankEntry, illegalMove, move, orderNotFound, type Change } from './change.ts';
import { learnPayment } from './learn.ts';
import { saveAndShow } from './life.ts';
import type { OrdersHandler, OrdersPlatform } from './pricing.ts';

const shipOrder =
  (platform: OrdersPlatform): OrdersHandler<'shipOrder'> =>
  async (input, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    const fulfilmentId = newId('ful');
    return commit(async (tx) => {
      const head = await lockHead(tx, input.orderId);
      if (!head) throw orderNotFound(errors, input.orderId);
      const plan = planShipment(await findLines(tx, head.id), input.lines);
      const actor = actorOf(caller);
      const by = plan.ok && plan.complete ? 'ship_rest' : 'ship_part';
      const change = move({ head, entries: [], at }, by, { actor, reference: fulfilmentId });
      if (!change) throw illegalMove(errors, head, by);
      if (!plan.ok) {
        throw plan.problem === 'LINE_NOT_FOUND'
          ? errors.LINE_NOT_FOUND(`Order ${head.number} has no line ${plan.lineId}. Get the order for its lines.`)
          : errors.MORE_THAN_ORDERED(
              `Line ${plan.lineId} has ${plan.left} pieces left to ship; ${plan.requested} were named. Name what is in the parcel.`,
              plan,
            );
      }
      const shipment: Fulfilment = {
        id: fulfilmentId,
        state: 'shipped',
        lines: plan.lines,
        carrier: input.carrier ?? null,
        trackingNumber: input.trackingNumber ?? null,
        trackingUrl: input.trackingUrl ?? null,
        locationId: input.locationId ?? null,
        shippedAt: at,
        deliveredAt: null,
      };
      await insertFulfilment(tx, head.id, shipment);
      const { carrier, trackingNumber, lines } = shipment;
      tx.append('order.shipped', head.id, {
        ...about(head),
        actor,
        fulfilmentId,
        lines,
        carrier,
        trackingNumber,
        complete: plan.complete,
      });
      return saveAndShow(tx, change, caller);
    });
  };

const changeTracking =
  (platform: OrdersPlatform): OrdersHandler<'setTracking'> =>
  async ({ orderId, fulfilmentId, ...given }, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    return commit(async (tx) => {
      const head = await lockHead(tx, orderId);
      if (!head) throw orderNotFound(errors, orderId);
      const shipment = (await findFulfilments(tx, orderId)).find((one) => one.id === fulfilmentId);
      if (!shipment) throw errors.FULFILMENT_NOT_FOUND(`Order ${head.number} has no fulfilment ${fulfilmentId}.`);
      await setTracking(tx, fulfilmentId, {
        carrier: given.carrier ?? shipment.carrier,
        trackingNumber: given.trackingNumber ?? shipment.trackingNumber,
        trackingUrl: given.trackingUrl ?? shipment.trackingUrl,
      });
      const entry = blankEntry(actorOf(caller), {
        kind: 'fulfilment',
        title: 'Tracking changed',
        reference: fulfilmentId,
      });
      return saveAndShow(tx, { head, entries: [entry], at }, caller);
    });
  };

const deliverOrder =
  (platform: OrdersPlatform): OrdersHandler<'deliverOrder'> =>
  async ({ orderId, fulfilmentId, cashCollected }, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    return commit(async (tx) => {
      const head = await lockHead(tx, orderId);
      if (!head) throw orderNotFound(errors, orderId);
      if (head.state !== 'partially_fulfilled' && head.state !== 'fulfilled')
        throw illegalMove(errors, head, 'deliver');
      const shipments = await findFulfilments(tx, orderId);
      if (fulfilmentId !== undefined && !shipments.some((one) => one.id === fulfilmentId)) {
        throw errors.FULFILMENT_NOT_FOUND(
          `Order ${head.number} has no fulfilment ${fulfilmentId}. Get the order for its fulfilments.`,
        );
      }
      const arrived = shipments.filter(
        (one) => one.state === 'shipped' && (fulfilmentId === undefined || one.id === fulfilmentId),
      );
      const actor = actorOf(caller);
      await markDelivered(
        tx,
        arrived.map((one) => one.id),
        at,
      );
      for (const { id, lines } of arrived)
        tx.append('fulfilment.delivered', head.id, { ...about(head), actor, fulfilmentId: id, lines });

      let change: Change = {
        head,
        entries: arrived.map((one) =>
          blankEntry(actor, { kind: 'fulfilment', title: 'Shipment delivered', reference: one.id }),
        ),
        at,
      };
      if (cashCollected) {
        const due = head.paymentMethod === 'cash_on_delivery' ? head.grandTotal - head.captured : 0;
        if (cashCollected.currency !== head.currency || cashCollected.amount > due) {
          throw errors.CASH_NOT_DUE(
            `Order ${head.number} has ${inWords({ amount: due, currency: head.currency })} to collect, not ${inWords(cashCollected)}.`,
            { due: { amount: due, currency: head.currency } },
          );
        }
        const captured = head.captured + cashCollected.amount;
        const state = captured === head.grandTotal ? 'captured' : 'partially_captured';
        change = await learnPayment(tx, change, { holdId: CASH, state, authorized: captured, captured }, actor);
      }
      const allArrived = shipments.every((one) => one.state === 'delivered' || arrived.includes(one));
      if (head.state === 'fulfilled' && allArrived) {
        change = move(change, 'deliver', { actor }) ?? change;
        tx.append('order.delivered', head.id, { ...about(head), actor, deliveredAt: at });
      }
      return saveAndShow(tx, change, caller);
    });
  };

/** Shipments: sent, tracked, arrived. */
export const fulfilHandlers = (platform: OrdersPlatform) => ({
  shipOrder: shipOrder(platform),
  setTracking: changeTracking(platform),
  deliverOrder: deliverOrder(platform),
});
