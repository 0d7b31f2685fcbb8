import { allContracts } from '../../ai/contracts.ts';
import { takesVersion, tellsVersion } from '../../microservices/chassis/contract/index.ts';
import { operationsOf } from '../../microservices/chassis/contract/identifiers.ts';

/** Changes that need no version, with the reason. */
const WITHOUT: Record<string, string> = {
  'catalog.setPrice': 'one amount, of which every version is kept',
  'customers.changePassword': 'asks for the password that it replaces',
  'customers.setConsent': 'a decision of its own, kept in the history',
  'inventory.setLevel': 'single rules: those that are not given stay',
  'inventory.setLevels': 'single rules: those that are not given stay',
  'inventory.setStockDefaults': 'one number',
  'notifications.setPreferences': 'the customer’s own, chosen in one form',
  'orders.setTaxRate': 'one rate',
  'wallet.setLimits': 'three numbers, always given together',
};

const edits = operationsOf(allContracts)
  .filter(({ declared }) => declared.method === 'PATCH' || declared.method === 'PUT')
  .map(({ contract, name, declared }) => ({ name: `${contract.domain}.${name}`, declared }));

test('whatever edits a shared document can be told which version it edits', () => {
  expect(edits.length).toBeGreaterThan(20);
  const without = edits.filter(({ declared }) => !takesVersion(declared)).map(({ name }) => name);
  expect(without.toSorted()).toEqual(Object.keys(WITHOUT).toSorted());
});

test('and answers with the version that it made, and declares the conflict', () => {
  const versioned = edits.filter(({ declared }) => takesVersion(declared));
  expect(versioned.filter(({ declared }) => !tellsVersion(declared)).map(({ name }) => name)).toEqual([]);
  expect(versioned.filter(({ declared }) => !('VERSION_CONFLICT' in declared.errors)).map(({ name }) => name)).toEqual(
    [],
  );
});
