import { globSync } from 'node:fs';
import { join } from 'node:path';
import { modelContracts } from '../../ai/contracts.ts';
import { domainContracts } from '../../microservices/contracts.ts';
import { allServices } from '../platform/services.ts';

const root = join(import.meta.dirname, '../..');
const foldersWithContract = (parent: string): string[] =>
  globSync(`${parent}/*/contract.ts`, { cwd: root }).map((file) => file.split(/[\\/]/)[1] ?? '');
const domainsOf = (contracts: readonly { domain: string }[]): string[] => contracts.map(({ domain }) => domain);

test('microservices/contracts.ts lists the contract of every folder of microservices', () => {
  expect(domainsOf(domainContracts).toSorted()).toEqual(foldersWithContract('microservices').toSorted());
});

test('ai/contracts.ts lists the contract of every folder of ai', () => {
  expect(domainsOf(modelContracts).toSorted()).toEqual(foldersWithContract('ai').toSorted());
});

test('infra/platform/services.ts lists one service for each contract, in the same order', () => {
  expect(domainsOf(allServices.map(({ contract }) => contract))).toEqual(
    domainsOf([...domainContracts, ...modelContracts]),
  );
});
