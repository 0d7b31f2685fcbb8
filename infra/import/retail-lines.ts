import { countryCode } from './retail-countries.ts';

/** The columns of UCI Online Retail (Daqing Chen, 2015, doi 10.24432/C5BW33), in the order of the file. */
export const RETAIL_COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** A line of the file as it stands there; `line` is its number in the file, the header being line 1. */
export interface RawRetailLine {
  line: number;
  fields: readonly string[];
}

/** Fields of every usable line. Money is in pence (GBP minor units), times are UTC. */
export interface RetailFacts {
  line: number;
  /** Without the C of cancellations. */
  invoice: string;
  /** The stock code in capitals: the shop wrote 85123a and 85123A for the same thing. */
  sku: string;
  /** May be empty. */
  description: string;
  /** Always positive: the kind says which way the goods went. */
  quantity: number;
  unitPriceMinor: number;
  at: string;
  /** The shop's customer number, or null for a buyer without an account. */
  customerNumber: string | null;
  countryName: string;
  /** ISO 3166-1, or null when the shop did not know it. */
  country: string | null;
}

/** Kinds of charges that have a stock code of their own. */
export type ChargeKind =
  | 'postage'
  | 'discount'
  | 'manual'
  | 'bank_charges'
  | 'marketplace_fee'
  | 'commission'
  | 'samples'
  | 'bad_debt'
  | 'gift_voucher'
  | 'test'
  | 'padding';

/** Why a line can be used for nothing. */
export type UnusableReason =
  | 'malformed_row'
  | 'missing_invoice'
  | 'missing_stock_code'
  | 'unknown_stock_code'
  | 'bad_quantity'
  | 'zero_quantity'
  | 'bad_price'
  | 'negative_price'
  | 'bad_date'
  | 'stock_write_off'
  | 'stock_correction'
  | 'free_of_charge'
  | 'price_below_a_penny';

/** A line of the shop's books, told apart by what happened. */
export type ClassifiedLine =
  | ({ kind: 'sale' } & RetailFacts)
  /** Goods came back on an ordinary invoice (a negative quantity with a price). */
  | ({ kind: 'return' } & RetailFacts)
  /** A credit note: its invoice begins with C. */
  | ({ kind: 'cancellation' } & RetailFacts)
  /** Postage, fees, discounts and other entries that are no merchandise; `reversed` on credit notes. */
  | ({ kind: 'charge'; charge: ChargeKind; reversed: boolean } & RetailFacts)
  | { kind: 'unusable'; line: number; reason: UnusableReason; value: string };

const CHARGES: Readonly<Record<string, ChargeKind>> = {
  POST: 'postage',
  DOT: 'postage',
  C2: 'postage',
  C3: 'postage',
  D: 'discount',
  M: 'manual',
  ADJUST: 'manual',
  ADJUST2: 'manual',
  'BANK CHARGES': 'bank_charges',
  AMAZONFEE: 'marketplace_fee',
  CRUK: 'commission',
  S: 'samples',
  B: 'bad_debt',
  PADS: 'padding',
};

const chargeOf = (stockCode: string): ChargeKind | undefined => {
  if (Object.hasOwn(CHARGES, stockCode)) return CHARGES[stockCode];
  if (stockCode.startsWith('GIFT_')) return 'gift_voucher';
  return stockCode.startsWith('TEST') ? 'test' : undefined;
};

/**
 * Merchandise: five digits and up to two letters, or one of the codes of the shop's sister site (DCGS…, with digits or
 * a word).
 */
const MERCHANDISE = /^(\d{5}[A-Z]{0,2}|DCGS[0-9A-Z]+)$/;

/** Notes that staff wrote instead of a title when they corrected the stock. */
const CORRECTION =
  /\?|^(check|checked|damages?|damaged|lost|missing|found|adjustment|amazon|dotcom|ebay|mouldy|wet|broken|faulty|test|john lewis|mailout)\b|thrown away|wrongly|wrong barcode|adjust|destroyed|allocat|sold as|online (retail )?orders|smudge|water damage/i;

const unusable = (line: number, reason: UnusableReason, value: string): ClassifiedLine => ({
  kind: 'unusable',
  line,
  reason,
  value: value.slice(0, 200),
});

/**
 * Tells what a line of the shop's books is. Pure: the same line always gives the same answer, and every line gets
 * exactly one. Prices such as 9.949999999999999 are rounded to pence, which undoes the file's binary fractions.
 */
export const classify = (raw: RawRetailLine): ClassifiedLine => {
  const { line } = raw;
  const [invoiceNo, stockCode, description, quantityText, dateText, priceText, customerText, countryText] =
    raw.fields.map((field) => field.trim());
  if (raw.fields.length !== RETAIL_COLUMNS.length || countryText === undefined)
    return unusable(line, 'malformed_row', raw.fields.join(','));
  const invoice = (invoiceNo ?? '').toUpperCase();
  const sku = (stockCode ?? '').toUpperCase();
  if (!/^[AC]?\d+$/.test(invoice)) return unusable(line, 'missing_invoice', invoiceNo ?? '');
  if (sku === '') return unusable(line, 'missing_stock_code', description ?? '');
  const quantity = Number(quantityText);
  if (!quantityText || !Number.isSafeInteger(quantity)) return unusable(line, 'bad_quantity', quantityText ?? '');
  const price = Number(priceText);
  if (!priceText || !Number.isFinite(price) || Math.abs(price) > 10_000_000)
    return unusable(line, 'bad_price', priceText ?? '');
  const at = utc(dateText ?? '');
  if (at === undefined) return unusable(line, 'bad_date', dateText ?? '');
  const facts: RetailFacts = {
    line,
    invoice: invoice.replace(/^[AC]/, ''),
    sku,
    description: description ?? '',
    quantity: Math.abs(quantity),
    unitPriceMinor: Math.round(price * 100),
    at,
    customerNumber: customerText ? customerText.replace(/\.0$/, '') : null,
    countryName: countryText,
    country: countryCode(countryText),
  };
  return decide(facts, invoice.startsWith('C'), quantity, price);
};

const decide = (facts: RetailFacts, credit: boolean, quantity: number, price: number): ClassifiedLine => {
  const charge = chargeOf(facts.sku);
  if (charge) return { kind: 'charge', charge, reversed: credit || quantity < 0, ...facts };
  if (!MERCHANDISE.test(facts.sku)) return unusable(facts.line, 'unknown_stock_code', facts.sku);
  if (quantity === 0) return unusable(facts.line, 'zero_quantity', '0');
  if (price < 0) return unusable(facts.line, 'negative_price', String(price));
  if (price === 0) return withoutPrice(facts, quantity);
  if (facts.unitPriceMinor === 0) return unusable(facts.line, 'price_below_a_penny', String(price));
  if (credit) return { kind: 'cancellation', ...facts };
  return quantity < 0 ? { kind: 'return', ...facts } : { kind: 'sale', ...facts };
};

/** Nobody paid: goods written off, a correction of the stock, or a gift. */
const withoutPrice = (facts: RetailFacts, quantity: number): ClassifiedLine => {
  if (quantity < 0) return unusable(facts.line, 'stock_write_off', facts.description);
  const correction = facts.description === '' || CORRECTION.test(facts.description);
  return unusable(facts.line, correction ? 'stock_correction' : 'free_of_charge', facts.description);
};

/** 2010-12-01T08:26:00, the shop's clock read as UTC; undefined when it is no moment. */
const utc = (text: string): string | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined;
  const moment = new Date(`${text}Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
};
