import type { InputOf } from '../../chassis/contract/index.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { inWords } from '../../chassis/money.ts';
import type { Problem } from '../../chassis/problem.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import { CASH } from '../policy/payment.ts';
import { planShipment, type ShipmentPlan } from '../policy/shipment.ts';
import { insertFulfilment, markDelivered, setTracking, type LateShipment } from '../store/fulfilments.ts';
import { lockHead, saveHead, type OrderHead } from '../store/order-head.ts';
import { findFulfilments, findLines, type Fulfilment } from '../store/order.ts';
import { actorOf } from './access.ts';
import { about, blankEntry, move, orderNotFound, payableOf, requireMovable, type Change } from './change.ts';
import { learnPayment } from './learn.ts';
import { saveAndShow } from './lifecycle.ts';

type Names = 'shipOrder' | 'setTracking' | 'deliverOrder';
type ShipInput = InputOf<typeof ordersContract, 'shipOrder'>;
type DeliverInput = InputOf<typeof ordersContract, 'deliverOrder'>;

/** Shipments: sent, tracked, arrived. */
export const fulfilHandlers = ({ now }: Context): Pick<Handlers, Names> => ({
  shipOrder: command(async (tx, input, { caller, errors }) => {
    const head = await lockHead(tx, input.orderId);
    if (!head) throw orderNotFound(errors, input.orderId);
    const plan = planShipment(await findLines(tx, head.id), input.lines);
    const by = plan.ok && plan.complete ? 'ship_rest' : 'ship_part';
    requireMovable(head, by, errors);
    if (!plan.ok) throw refused(plan, head, errors);
    const at = now().toISOString();
    const actor = actorOf(caller);
    const shipment = shipmentOf(input, plan.lines, at);
    await insertFulfilment(tx, head.id, shipment);
    const { id: fulfilmentId, lines } = shipment;
    const { complete } = plan;
    tx.append('order.shipped', head.id, { ...about(head), actor, fulfilmentId, lines, complete });
    return saveAndShow(tx, move({ head, entries: [], at }, by, { actor, reference: fulfilmentId }), caller);
  }),

  setTracking: command(async (tx, { orderId, fulfilmentId, expectedVersion, ...given }, { caller, errors }) => {
    const head = await lockHead(tx, orderId);
    if (!head) throw orderNotFound(errors, orderId);
    requireVersion({ name: 'The order', version: head.revision }, expectedVersion, errors.VERSION_CONFLICT);
    const shipments = requireFulfilment(await findFulfilments(tx, orderId), fulfilmentId, head, errors);
    for (const { carrier, trackingNumber, trackingUrl, promisedBy } of shipments)
      await setTracking(tx, fulfilmentId, {
        carrier: given.carrier ?? carrier,
        trackingNumber: given.trackingNumber ?? trackingNumber,
        trackingUrl: given.trackingUrl ?? trackingUrl,
        promisedBy: given.promisedBy ?? promisedBy,
      });
    const entry = { kind: 'fulfilment', title: 'Tracking changed', reference: fulfilmentId } as const;
    const entries = [blankEntry(actorOf(caller), entry)];
    return saveAndShow(tx, { head, entries, at: now().toISOString() }, caller);
  }),

  deliverOrder: command(async (tx, input, { caller, errors }) => {
    const { orderId, fulfilmentId } = input;
    const head = await lockHead(tx, orderId);
    if (!head) throw orderNotFound(errors, orderId);
    if (head.state !== 'partially_fulfilled') requireMovable(head, 'deliver', errors);
    const shipments = await findFulfilments(tx, orderId);
    const named = requireFulfilment(shipments, fulfilmentId, head, errors);
    const arrived = named.filter((one) => one.state === 'shipped');
    const actor = actorOf(caller);
    const started = { head, entries: [], at: now().toISOString() };
    const change = await collectCash(tx, await arrive(tx, started, arrived, actor), input, actor, errors);
    const allArrived = shipments.every((one) => one.state === 'delivered' || arrived.includes(one));
    if (head.state !== 'fulfilled' || !allArrived) return saveAndShow(tx, change, caller);
    tx.append('order.delivered', head.id, { ...about(head), actor, deliveredAt: change.at });
    return saveAndShow(tx, move(change, 'deliver', { actor }), caller);
  }),
});

const refused = (plan: ShipmentPlan & { ok: false }, { number }: OrderHead, errors: Failures<'shipOrder'>): Problem =>
  plan.problem === 'LINE_NOT_FOUND'
    ? errors.LINE_NOT_FOUND(`There is no line ${plan.lineId} in order ${number}. Get the order for its lines.`)
    : errors.MORE_THAN_ORDERED(
        `Line ${plan.lineId} has ${plan.left} units left to ship; ${plan.requested} were named. Name what is in the parcel.`,
        plan,
      );

const shipmentOf = (input: ShipInput, lines: Fulfilment['lines'], at: string): Fulfilment => ({
  id: newId('ful'),
  state: 'shipped',
  lines,
  carrier: input.carrier ?? null,
  trackingNumber: input.trackingNumber ?? null,
  trackingUrl: input.trackingUrl ?? null,
  locationId: input.locationId ?? null,
  shippedAt: at,
  promisedBy: input.promisedBy ?? null,
  deliveredAt: null,
});

/** The named shipment, or all when none is named. Throws when there is no such one. */
const requireFulfilment = (
  shipments: readonly Fulfilment[],
  fulfilmentId: string | undefined,
  { number }: OrderHead,
  errors: Pick<Failures<'setTracking'>, 'FULFILMENT_NOT_FOUND'>,
): Fulfilment[] => {
  const named = shipments.filter(({ id }) => fulfilmentId === undefined || id === fulfilmentId);
  if (fulfilmentId !== undefined && named.length === 0)
    throw errors.FULFILMENT_NOT_FOUND(
      `There is no fulfilment ${fulfilmentId} of order ${number}. Get the order for its fulfilments.`,
    );
  return named;
};

/** Shipments that arrived just now, each announced. */
const arrive = async (
  tx: Tx,
  { head, entries, at }: Change,
  arrived: readonly Fulfilment[],
  actor: string,
): Promise<Change> => {
  await markDelivered(
    tx,
    arrived.map(({ id }) => id),
    at,
  );
  for (const { id, lines } of arrived)
    tx.append('fulfilment.delivered', head.id, { ...about(head), actor, fulfilmentId: id, lines });
  const delivered = arrived.map(({ id }) =>
    blankEntry(actor, { kind: 'fulfilment', title: 'Shipment delivered', reference: id }),
  );
  return { head, entries: [...entries, ...delivered], at };
};

/** Announces shipments of a locked order that are late, each with an entry in its timeline. */
export const announceLate = async (
  tx: Tx,
  head: OrderHead,
  late: readonly LateShipment[],
  at: string,
): Promise<void> => {
  const actor = 'job:report-late-deliveries';
  for (const { id, promisedBy } of late) {
    const grandTotal = { amount: head.grandTotal, currency: head.currency };
    const payload = { ...about(head), fulfilmentId: id, promisedBy, grandTotal };
    tx.append('order.delivery_late', head.id, payload);
  }
  const entries = late.map(({ id, promisedBy }) =>
    blankEntry(actor, {
      kind: 'fulfilment',
      title: 'Delivery late',
      reason: `promised by ${promisedBy}`,
      reference: id,
      visible: false,
    }),
  );
  await saveHead(tx, head, entries, at);
};

/** Counts cash that was collected at the door as captured. Throws when it was not due. */
const collectCash = async (
  tx: Tx,
  change: Change,
  { cashCollected }: DeliverInput,
  actor: string,
  errors: Failures<'deliverOrder'>,
): Promise<Change> => {
  if (!cashCollected) return change;
  const { head } = change;
  const due = head.paymentMethod === 'cash_on_delivery' ? payableOf(head) - head.captured : 0;
  if (cashCollected.currency !== head.currency || cashCollected.amount > due) {
    throw errors.CASH_NOT_DUE(
      `Order ${head.number} has ${inWords({ amount: due, currency: head.currency })} to collect, not ${inWords(cashCollected)}.`,
      { due: { amount: due, currency: head.currency } },
    );
  }
  const captured = head.captured + cashCollected.amount;
  const state = captured === payableOf(head) ? 'captured' : 'partially_captured';
  return learnPayment(tx, change, { holdId: CASH, state, authorized: captured, captured }, actor);
};
