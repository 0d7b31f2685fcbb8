import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { featuresOf, type Features } from '../features.ts';
import {
  DAY,
  dayOf,
  LABEL_DELAY_DAYS,
  type Fact,
  type History,
  type Label,
  type ShopDay,
  type Sighting,
} from '../features/history.ts';

/** Card transactions as the Fraud Detection Handbook simulates them (Le Borgne, Siblini, Lebichot, Bontempi 2022). */
export interface Transaction {
  id: string;
  at: number;
  customerId: string;
  terminalId: string;
  /** Minor units. */
  amount: number;
  fraud: boolean;
}

const COLUMNS = ['TRANSACTION_ID', 'TX_DATETIME', 'CUSTOMER_ID', 'TERMINAL_ID', 'TX_AMOUNT', 'TX_FRAUD'] as const;

/**
 * Reads a CSV file (gzipped when its name ends in .gz) with the handbook's columns, in any order, sorted by time.
 * Throws naming what is missing.
 */
export const readTransactions = async (path: string): Promise<Transaction[]> => {
  const file = createReadStream(path);
  const lines = createInterface({ input: path.endsWith('.gz') ? file.pipe(createGunzip()) : file });
  const transactions: Transaction[] = [];
  let positions: number[] | undefined;
  for await (const line of lines) {
    if (line === '') continue;
    const cells = line.split(',');
    if (positions)
      transactions.push(
        transactionOf(
          positions.map((position) => cells[position] ?? ''),
          path,
        ),
      );
    else positions = columnPositions(cells, path);
  }
  return transactions.toSorted((left, right) => left.at - right.at);
};

const columnPositions = (header: readonly string[], path: string): number[] =>
  COLUMNS.map((column) => {
    const position = header.indexOf(column);
    if (position < 0) throw new Error(`${path} has no column ${column}; it needs ${COLUMNS.join(', ')}.`);
    return position;
  });

const transactionOf = (
  [id = '', time = '', customerId = '', terminalId = '', amount = '', fraud = '']: string[],
  path: string,
): Transaction => {
  const at = Date.parse(`${time.replace(' ', 'T')}Z`);
  const cents = Math.round(Number(amount) * 100);
  if (Number.isNaN(at) || Number.isNaN(cents) || (fraud !== '0' && fraud !== '1'))
    throw new Error(
      `${path}: transaction ${id} has time "${time}", amount "${amount}" and fraud "${fraud}"; that is no transaction.`,
    );
  return { id, at, customerId, terminalId, amount: cents, fraud: fraud === '1' };
};

interface Past {
  facts: Fact[];
  sightings: Sighting[];
  labels: Label[];
}

const CURRENCY = 'EUR';

/**
 * The service's own features of each transaction that is `wanted`, as they would have been seen at its time: terminals
 * stand for devices, and a label is known LABEL_DELAY_DAYS after the transaction.
 */
export const featuresOfTransactions = (
  transactions: readonly Transaction[],
  wanted: (transaction: Transaction) => boolean,
): { transaction: Transaction; features: Features }[] => {
  const customers = new Map<string, Past>();
  const terminals = new Map<string, Past>();
  const shopDays = new Map<number, ShopDay>();
  return transactions.flatMap((transaction) => {
    const customer = pastOf(customers, transaction.customerId);
    const terminal = pastOf(terminals, transaction.terminalId);
    const row = wanted(transaction)
      ? [{ transaction, features: featuresOf(orderOf(transaction), historyOf(customer, terminal, shopDays)) }]
      : [];
    remember(transaction, customer, terminal, shopDays);
    return row;
  });
};

const historyOf = (customer: Past, terminal: Past, shopDays: ReadonlyMap<number, ShopDay>): History => ({
  facts: customer.facts,
  sightings: terminal.sightings,
  labels: [...customer.labels, ...terminal.labels],
  shopDays: [...shopDays.values()],
});

const pastOf = (pasts: Map<string, Past>, id: string): Past => {
  const known = pasts.get(id);
  if (known) return known;
  const blank: Past = { facts: [], sightings: [], labels: [] };
  pasts.set(id, blank);
  return blank;
};

const orderOf = ({ id, customerId, amount, at }: Transaction) => ({
  orderId: id,
  customerId,
  amount,
  currency: CURRENCY,
  shippingCountry: null,
  billingCountry: null,
  paymentMethod: null,
  largestQuantity: null,
  placedAt: at,
});

const remember = (
  { id, at, customerId, terminalId, amount, fraud }: Transaction,
  customer: Past,
  terminal: Past,
  shopDays: Map<number, ShopDay>,
): void => {
  customer.facts.push({ id, kind: 'order_placed', at, orderId: id, amount, currency: CURRENCY, country: null });
  terminal.sightings.push({ entity: 'terminal', hash: terminalId, at, orderId: id, customerId });
  const label: Label = { orderId: id, label: fraud ? 'fraud' : 'legitimate', at: at + LABEL_DELAY_DAYS * DAY };
  customer.labels.push(label);
  terminal.labels.push(label);
  const day = shopDays.get(dayOf(at)) ?? { currency: CURRENCY, day: dayOf(at), orders: 0, amount: 0 };
  shopDays.set(day.day, { ...day, orders: day.orders + 1, amount: day.amount + amount });
};
