import { expect, test } from '@jest/globals';
import { overBudget, timeReport } from './times.ts';

const times = new Map([
  ['microservices/wallet/holds.int.test.ts', 29],
  ['microservices/wallet/audit.int.test.ts', 30],
  ['microservices/wallet/model.int.test.ts', 30],
  ['microservices/wallet/races.int.test.ts', 32],
  ['microservices/wallet/policy/holds.test.ts', 1],
  ['microservices/chassis/events/subscribe.int.test.ts', 25],
  ['microservices/chassis/events/flow.int.test.ts', 25],
  ['microservices/chassis/events/relay.int.test.ts', 25],
  ['ai/fraud/model.test.ts', 20],
  ['infra/n8n/kill.e2e.test.ts', 89],
]);

test('files and whole domains over their budget are named, worst first; the chassis is no domain', () => {
  expect(overBudget(times).map(({ name, seconds, budget }) => [name, seconds, budget.seconds])).toEqual([
    ['ai/fraud/model.test.ts', 20, 10],
    ['microservices/wallet/races.int.test.ts', 32, 30],
    ['microservices/wallet', 122, 120],
  ]);
});

test('a run ends with its ten slowest files, and says nothing about budgets that are kept', () => {
  const quick = new Map(Array.from({ length: 12 }, (_, index) => [`infra/x/${index}.test.ts`, index / 2] as const));
  const lines = timeReport(quick);
  expect(lines).toHaveLength(11);
  expect(lines[1]).toBe('     5.5 s  infra/x/11.test.ts');
  expect(timeReport(new Map())).toEqual([]);
  expect(timeReport(times).at(-1)).toBe('   122.0 s  microservices/wallet, of 120 s for all files of a domain');
});
