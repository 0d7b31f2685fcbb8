import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../../microservices/chassis/problem.ts';
import { readAccess } from '../platform/access.ts';
import { terminalBars } from './bars.ts';
import { importOnlineRetail, type ImportResult } from './import-online-retail.ts';
import { retailFile } from './read-retail.ts';

const HELP = `Usage: npm run import:online-retail -- [options]

Brings the shop of UCI Online Retail (Daqing Chen, 2015, doi 10.24432/C5BW33, CC BY 4.0) into a running platform: products, prices, customers and
opening stock, through the public API. Safe to repeat and to continue after an interruption.

  --url URL        where the gateway answers (as of the last npm start)
  --key KEY        an API key with full access (that of the last npm start)
  --data FOLDER    data folder of the platform, for the two above (.fusioncommerce)
  --file FILE      the lines, .csv or .csv.gz (DATA_DIR/online-retail/online-retail-40k.csv.gz, DATA_DIR being ../shared/data unless set)
  --report FILE    where to list rejected lines (DATA FOLDER/online-retail-report.csv)
  --help           this text`;

const options = {
  url: { type: 'string' },
  key: { type: 'string' },
  data: { type: 'string', default: '.fusioncommerce' },
  file: { type: 'string' },
  report: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const access = values.url !== undefined && values.key !== undefined ? undefined : await readAccess(values.data);
  const url = values.url ?? access?.url;
  const credential = values.key ?? access?.adminKey;
  if (url === undefined || credential === undefined)
    throw new Error('The platform does not run yet: start it with npm start, or give --url and --key.');
  const report = resolve(values.report ?? `${values.data}/online-retail-report.csv`);
  const file = values.file ?? (await retailFile());
  tell(await importOnlineRetail({ url, credential, bar: terminalBars, width: 8, file, report }), report);
};

const tell = ({ summary, products, customers, stock }: ImportResult, report: string): void => {
  const row = ([name, count]: [string, number]): string => `  ${String(count).padStart(7)}  ${name}`;
  const total = (counts: Record<string, number>): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(
    [
      `${products.created} products created, ${products.updated} changed, ${products.refused.size} refused; ${customers.created} customers created; ${stock.received} articles received into stock`,
      `${summary.read} lines read, ${total(summary.taken)} taken:`,
      ...Object.entries(summary.taken).map(row),
      `${total(summary.rejected)} rejected:`,
      ...Object.entries(summary.rejected)
        .toSorted(([, left], [, right]) => right - left)
        .map(row),
      `Each rejected line with its reason: ${report}`,
    ].join('\n'),
  );
};

main().catch((error: unknown) => {
  console.error(
    error instanceof Problem ? `${error.title}: ${error.message}` : error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
});
