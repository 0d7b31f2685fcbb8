/** `npm run bench:kv`: the KeyValue port on SQL and on CQL, the same work on both in one run. */
import { drive, type Measured } from './lib/load.ts';
import { printCheck, printHead } from './lib/report.ts';
import { fill, loadsOn, type KeyValueLoad } from './kv/loads.ts';
import { startCqlStore, startSqlStore, type BenchStore } from './kv/stores.ts';

const CONCURRENCY = 32;
const CONNECTIONS = 10;
const PIECES = Number(process.env['BENCH_PIECES'] ?? 4_000);

interface Line {
  what: string;
  sql: Measured;
  cql: Measured;
}

const run = async ({ title, pid }: BenchStore, { what, work, check }: KeyValueLoad): Promise<Measured> => {
  const warmUp = Math.round(PIECES / 4);
  const load = { concurrency: CONCURRENCY, pid: pid || process.pid };
  await drive({ ...load, total: warmUp, work });
  const measured = await drive({ ...load, total: PIECES, work: (index) => work(warmUp + index) });
  if (check) {
    const { what: checked, holds, found } = await check(warmUp + PIECES);
    printCheck(`${title}, ${what}: ${checked}`, holds, found);
  }
  return pid ? measured : { ...measured, cpu: undefined };
};

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
/** Processor milliseconds per operation: the engine's, then those of this process, where the adapter works. */
const cpu = ({ cpu: spent }: Measured): string =>
  spent ? `${(spent.platform + spent.postgres).toFixed(2)} + ${spent.bench.toFixed(2)}` : '';

const cells = (measured: Measured): string[] => [
  number(measured.perSecond),
  number(measured.p50),
  number(measured.p99),
  cpu(measured),
];

const print = (lines: readonly Line[]): void => {
  const engine = (name: string): string[] => [`${name}/s`, 'p50 ms', 'p99 ms', 'cpu ms'];
  const rows = [
    ['', ...engine('SQL'), ...engine('CQL'), 'CQL/SQL'],
    ...lines.map(({ what, sql, cql }) => [
      what,
      ...cells(sql),
      ...cells(cql),
      (cql.perSecond / sql.perSecond).toFixed(2),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  console.log('');
  for (const [first = '', ...rest] of rows)
    console.log(
      [first.padEnd(widths[0] ?? 0), ...rest.map((cell, i) => cell.padStart(widths[i + 1] ?? 0))].join('  ').trimEnd(),
    );
  console.log(
    '\ncpu ms: processor time of one core per operation, the engine’s + this process’s (the adapter and the load).',
  );
};

printHead(
  `Key-value: ${PIECES} operations of each kind, ${CONCURRENCY} at a time, SQL through ${CONNECTIONS} connections; one node each, on this machine`,
);
const stores: BenchStore[] = [];
try {
  const sql = await startSqlStore(CONNECTIONS);
  stores.push(sql);
  const cql = await startCqlStore();
  stores.push(cql);
  console.log(`${sql.title} beside ${cql.title}\n`);
  for (const { store } of stores) await fill(store, CONCURRENCY);
  const [onSql, onCql] = [loadsOn(sql.store), loadsOn(cql.store)];
  const lines: Line[] = [];
  for (const [index, load] of onSql.entries()) {
    const same = onCql[index];
    if (same) lines.push({ what: load.what, sql: await run(sql, load), cql: await run(cql, same) });
  }
  print(lines);
} finally {
  for (const started of stores) await started.stop();
}
