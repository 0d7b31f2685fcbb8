import type { Features } from '../features.ts';
import type { Reason } from '../model.ts';
import { SCORECARD } from './scorecard.ts';

type Wording = Pick<Reason, 'code' | 'title'> & { detail: (value: number) => string };

const share = (when: string) => (value: number) =>
  `${(100 * value).toFixed(1)} % of the orders from the same device or address ${when} are fraud`;
const hours = (what: string) => (value: number) => `${what} ${Math.round(value)} hours before`;
const number = (what: string) => (value: number) => `${Math.round(value)} ${what}`;

/** The reasons of features that only the learned model uses. */
const LEARNED = {
  earlierOrders: { code: 'EARLIER_ORDERS', title: 'Earlier orders', detail: number('earlier orders by the customer') },
  amountToOwnMedian: {
    code: 'AMOUNT_TO_OWN_MEDIAN',
    title: 'Amount against the customer’s usual order',
    detail: (value: number) => `${value.toFixed(1)} times the customer’s usual order`,
  },
  amountDeviation: {
    code: 'AMOUNT_DEVIATION',
    title: 'Amount against the spread of the customer’s orders',
    detail: (value: number) => `${value.toFixed(1)} standard deviations from the customer’s mean order`,
  },
  largeOrdersLastWeek: {
    code: 'LARGE_ORDERS_WEEK',
    title: 'Unusually large orders in a week',
    detail: number('orders in the week before were far larger than usual'),
  },
  largeOrdersLastFortnight: {
    code: 'LARGE_ORDERS_FORTNIGHT',
    title: 'Unusually large orders in two weeks',
    detail: number('orders in the two weeks before were far larger than usual'),
  },
  hoursSinceOwnFraud: {
    code: 'HOURS_SINCE_OWN_FRAUD',
    title: 'Last known fraud by the customer',
    detail: hours('the customer’s last known fraud was'),
  },
  entityOrders: {
    code: 'ENTITY_ORDERS',
    title: 'Orders from the device or address',
    detail: number('earlier orders from the same device or address'),
  },
  entityFraudsLastDay: {
    code: 'ENTITY_FRAUDS_DAY',
    title: 'Frauds from the device or address, newest known day',
    detail: share('on the newest day that is known'),
  },
  entityFraudsLastWeek: {
    code: 'ENTITY_FRAUDS_WEEK',
    title: 'Frauds from the device or address, newest known week',
    detail: share('in the newest week that is known'),
  },
  entityFraudsLastMonth: {
    code: 'ENTITY_FRAUDS_MONTH',
    title: 'Frauds from the device or address, newest known month',
    detail: share('in the newest month that is known'),
  },
  entityFraudRun: {
    code: 'ENTITY_FRAUD_RUN',
    title: 'Frauds in a row from the device or address',
    detail: number('frauds in a row are the newest known orders from the same device or address'),
  },
  entityFraudRunHours: {
    code: 'ENTITY_FRAUD_RUN_HOURS',
    title: 'Begin of the frauds in a row',
    detail: hours('the frauds in a row from the same device or address began'),
  },
  hoursSinceEntityFraud: {
    code: 'HOURS_SINCE_ENTITY_FRAUD',
    title: 'Last known fraud from the device or address',
    detail: hours('the last known fraud from the same device or address was'),
  },
} as const satisfies Partial<Record<keyof Features, Wording>>;

const WORDINGS: ReadonlyMap<string, Wording> = new Map<string, Wording>([
  ...SCORECARD.map(({ feature, code, title, detail }) => [feature, { code, title, detail }] as const),
  ...Object.entries(LEARNED),
]);

/** A feature's reason in words, with its value. */
export const wordingOf = (name: string, features: Features): Pick<Reason, 'code' | 'title' | 'detail'> => {
  const wording = WORDINGS.get(name);
  if (!wording) throw new Error(`Feature "${name}" has no words for its reason.`);
  const value = new Map<string, unknown>(Object.entries(features)).get(name) ?? null;
  const { code, title } = wording;
  return { code, title, detail: value === null ? 'not known' : wording.detail(Number(value)) };
};
