import { isBusy, machineLine } from './machine.ts';
import type { Measured } from './load.ts';

export interface Row {
  what: string;
  measured: Measured;
  /** The least per second that is aimed at on two quiet cores. */
  aim?: number;
}

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

export const printHead = (title: string): void => {
  console.log(`\n${title}`);
  console.log(machineLine());
  if (isBusy()) console.log('This machine is not quiet: others use it now, so the rates are lower than it can do.');
};

/** Ours, then the yardsticks of the same run. */
export const printTable = (rows: readonly Row[]): void => {
  const width = Math.max(...rows.map(({ what }) => what.length));
  console.log(
    `\n${''.padEnd(width)}  ${['count', 'per second', 'p50 ms', 'p99 ms', 'aim', 'cpu: bench', 'platform', 'postgres'].map((head) => head.padStart(10)).join('  ')}`,
  );
  for (const { what, measured, aim } of rows) {
    const cells = [
      String(measured.count),
      number(measured.perSecond),
      number(measured.p50),
      number(measured.p99),
      aim === undefined ? '' : `≥ ${aim}`,
      ...cpuCells(measured),
    ];
    console.log(`${what.padEnd(width)}  ${cells.map((cell) => cell.padStart(10)).join('  ')}`);
  }
};

/** What an operation costs on any machine, for the rows that were counted. */
export const printAccount = (rows: readonly Row[]): void => {
  const counted = rows.flatMap(({ what, measured: { account } }) => (account ? [{ what, account }] : []));
  const width = Math.max(...counted.map(({ what }) => what.length));
  const heads = ['round trips', 'statements', 'bytes of WAL', 'writes'];
  console.log(`\n${'per operation'.padEnd(width)}  ${heads.map((head) => head.padStart(12)).join('  ')}`);
  for (const { what, account } of counted) {
    const cells = [account.roundTrips, account.statements, account.walBytes, account.writes];
    console.log(
      `${what.padEnd(width)}  ${cells.map((cell) => (cell === undefined ? '' : number(cell)).padStart(12)).join('  ')}`,
    );
  }
};

/** Milliseconds of one core per operation: comparable between a quiet machine and a busy one, as rates are not. */
const cpuCells = ({ cpu }: Measured): string[] =>
  cpu ? [cpu.bench, cpu.platform, cpu.postgres].map((milliseconds) => `${milliseconds.toFixed(2)} ms`) : [];

/** "ours is 0.52 of the yardstick" */
export const printRatio = (what: string, ours: Measured, yardstick: Measured): void =>
  console.log(`${what}: ${(ours.perSecond / yardstick.perSecond).toFixed(2)} of the yardstick`);

/** Says what was checked and whether it held; one that did not hold makes the bench fail. */
export const printCheck = (what: string, holds: boolean, found: unknown): void => {
  console.log(`${holds ? 'exact ' : 'WRONG '} ${what}: ${typeof found === 'string' ? found : JSON.stringify(found)}`);
  if (!holds) process.exitCode = 1;
};
