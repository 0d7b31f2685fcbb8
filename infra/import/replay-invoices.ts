import type { ClassifiedLine } from './retail-lines.ts';

/** One sale of the books: what somebody bought at once. */
export interface Invoice {
  number: string;
  at: string;
  customerNumber: string | null;
  country: string | null;
  /** A SKU named on several lines is one line here. */
  lines: { sku: string; quantity: number }[];
}

/**
 * The invoices among classified lines, in the order of their first line. Only sales count: what came back was sold on
 * another invoice.
 */
export const gatherInvoices = async (
  lines: AsyncIterable<ClassifiedLine> | Iterable<ClassifiedLine>,
): Promise<Invoice[]> => {
  const invoices = new Map<string, Invoice & { quantities: Map<string, number> }>();
  for await (const line of lines) {
    if (line.kind !== 'sale') continue;
    const invoice = invoices.get(line.invoice) ?? {
      number: line.invoice,
      at: line.at,
      customerNumber: line.customerNumber,
      country: line.country,
      lines: [],
      quantities: new Map<string, number>(),
    };
    invoice.quantities.set(line.sku, (invoice.quantities.get(line.sku) ?? 0) + line.quantity);
    invoices.set(line.invoice, invoice);
  }
  return [...invoices.values()].map(({ quantities, ...invoice }) => ({
    ...invoice,
    lines: [...quantities].map(([sku, quantity]) => ({ sku, quantity })),
  }));
};
