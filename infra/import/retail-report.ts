import { createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { classify, type ChargeKind, type ClassifiedLine, type UnusableReason } from './retail-lines.ts';
import { readRetailLines } from './read-retail.ts';

/** Result of a line: imported, or rejected for a reason. */
export type Outcome =
  { taken: 'sale' | 'return' | 'cancellation' } | { rejected: string; reason: string; value: string };

const UNUSABLE: Record<UnusableReason, string> = {
  malformed_row: 'The row does not have the eight columns',
  missing_invoice: 'There is no invoice number',
  missing_stock_code: 'There is no stock code',
  unknown_stock_code: 'The stock code is neither merchandise nor a known charge',
  bad_quantity: 'The quantity is not a whole number',
  zero_quantity: 'Nothing was moved',
  bad_price: 'The price is not a number',
  negative_price: 'The price is negative',
  bad_date: 'The date is none',
  stock_write_off: 'Goods were written off, nobody bought them',
  stock_correction: 'The stock was corrected, nobody bought anything',
  free_of_charge: 'The goods were given away: without a price there is nothing to sell them for',
  price_below_a_penny: 'The price is less than a penny',
};

const CHARGE: Record<ChargeKind, string> = {
  postage: 'Postage is no merchandise',
  discount: 'A discount is no merchandise',
  manual: 'A manual entry is no merchandise',
  bank_charges: 'Bank charges are no merchandise',
  marketplace_fee: 'A fee of a marketplace is no merchandise',
  commission: 'A commission is no merchandise',
  samples: 'Samples are not sold',
  bad_debt: 'A bad debt is no merchandise',
  gift_voucher: 'A gift voucher is money, not merchandise',
  test: 'A test entry',
  padding: 'Padding is not sold by itself',
};

/** The result of a line, given the SKUs that the catalog refused and why. */
export const outcomeOf = (line: ClassifiedLine, refused: ReadonlyMap<string, string>): Outcome => {
  if (line.kind === 'unusable') return { rejected: line.reason, reason: UNUSABLE[line.reason], value: line.value };
  if (line.kind === 'charge')
    return { rejected: `charge_${line.charge}`, reason: CHARGE[line.charge], value: line.sku };
  const refusal = refused.get(line.sku);
  return refusal === undefined
    ? { taken: line.kind }
    : { rejected: 'refused_by_catalog', reason: refusal, value: line.sku };
};

export interface RetailSummary {
  read: number;
  taken: Record<string, number>;
  rejected: Record<string, number>;
}

const quoted = (cell: string | number): string =>
  /[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);

/**
 * Writes the report of a file beside a summary (same name, .json): every rejected line with its reason. Written aside
 * and renamed, so that a report is whole or not there. The summary adds up: read = taken + rejected.
 */
export const writeReport = async (
  file: string,
  report: string,
  refused: ReadonlyMap<string, string>,
): Promise<RetailSummary> => {
  const summary: RetailSummary = { read: 0, taken: {}, rejected: {} };
  const lines = async function* (): AsyncGenerator<string> {
    yield 'line,code,reason,value\n';
    for await (const raw of readRetailLines(file)) {
      summary.read += 1;
      const outcome = outcomeOf(classify(raw), refused);
      const [counts, key] = 'taken' in outcome ? [summary.taken, outcome.taken] : [summary.rejected, outcome.rejected];
      counts[key] = (counts[key] ?? 0) + 1;
      if ('rejected' in outcome)
        yield `${[raw.line, outcome.rejected, outcome.reason, outcome.value].map(quoted).join(',')}\n`;
    }
  };
  await mkdir(dirname(report), { recursive: true });
  await pipeline(lines, createWriteStream(`${report}.part`));
  await rename(`${report}.part`, report);
  await writeFile(report.replace(/(\.csv)?$/, '.json'), `${JSON.stringify(summary, null, 2)}\n`);
  return summary;
};
