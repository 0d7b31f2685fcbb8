import { parseArgs } from 'node:util';
import { Problem } from '../../microservices/chassis/problem.ts';
import { readAccess } from '../platform/access.ts';
import { terminalBars } from './bars.ts';
import { readRetailLines, retailFile } from './read-retail.ts';
import { gatherInvoices } from './replay-invoices.ts';
import { replayInvoices } from './replay.ts';
import { classify } from './retail-lines.ts';

const HELP = `Usage: npm run replay:orders -- [options]

Places the invoices of UCI Online Retail (Daqing Chen, 2015, doi 10.24432/C5BW33, CC BY 4.0) as orders through the public API of a running platform, follows
each to its end, and prints how many were placed, confirmed and refused, and whether the audits hold. Run import:online-retail first.

  --rate N         orders a second (10); 0 is as fast as the platform answers
  --limit N        only the first N invoices (all)
  --url URL        where the gateway answers (as of the last npm start)
  --key KEY        an API key with full access (that of the last npm start)
  --data FOLDER    data folder of the platform, for the two above (.fusioncommerce)
  --file FILE      the lines, .csv or .csv.gz (DATA_DIR/online-retail/online-retail-40k.csv.gz, DATA_DIR being ../shared/data unless set)
  --help           this text`;

const options = {
  rate: { type: 'string', default: '10' },
  limit: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  data: { type: 'string', default: '.fusioncommerce' },
  file: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const wholeNumber = (flag: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw new Error(`--${flag} holds "${text}"; it should be a whole number, 0 or more.`);
  return Number(text);
};

async function* classified(file: string) {
  for await (const line of readRetailLines(file)) yield classify(line);
}

const main = async (): Promise<boolean> => {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(HELP);
    return true;
  }
  const rate = wholeNumber('rate', values.rate);
  const limit = values.limit === undefined ? Infinity : wholeNumber('limit', values.limit);
  const access = values.url !== undefined && values.key !== undefined ? undefined : await readAccess(values.data);
  const url = values.url ?? access?.url;
  const credential = values.key ?? access?.adminKey;
  if (url === undefined || credential === undefined)
    throw new Error('The platform does not run yet: start it with npm start, or give --url and --key.');
  const invoices = (await gatherInvoices(classified(values.file ?? (await retailFile())))).slice(0, limit);
  const started = performance.now();
  const { placed, ended, refused, problems } = await replayInvoices(invoices, {
    url,
    credential,
    bar: terminalBars,
    rate,
    width: 8,
    patienceMs: 60_000,
  });
  const seconds = (performance.now() - started) / 1000;
  console.log(`${placed} of ${invoices.length} invoices placed as orders in ${seconds.toFixed(0)} s:`);
  for (const [end, count] of Object.entries(ended)) console.log(`  ${String(count).padStart(7)}  ${end}`);
  for (const [code, count] of Object.entries(refused)) console.log(`  ${String(count).padStart(7)}  refused: ${code}`);
  console.log(
    problems.length === 0
      ? 'The audits of stock, ledger and orders hold.'
      : `The audits found:\n${problems.join('\n')}`,
  );
  return problems.length === 0 && ended['still open'] === undefined;
};

main().then(
  (exact) => {
    process.exitCode = exact ? 0 : 1;
  },
  (error: unknown) => {
    console.error(
      error instanceof Problem ? `${error.title}: ${error.message}` : error instanceof Error ? error.message : error,
    );
    process.exitCode = 1;
  },
);
