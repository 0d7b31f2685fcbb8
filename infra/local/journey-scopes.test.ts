import { allContracts } from '../../ai/contracts.ts';
import { journeyScopes, withheldScopes } from './journey-scopes.ts';

test('journeys may read every domain and every model that can be read, and write to the others', () => {
  const scopes = journeyScopes(allContracts);
  for (const { domain, operations } of allContracts) {
    const isRead = Object.values(operations).some(({ method }) => method === 'GET');
    expect(scopes).toContain(`${domain}:${isRead ? 'read' : 'write'}`);
  }
});

test('journeys get no scope that creates keys, reads keys or erases people', () => {
  expect(journeyScopes(allContracts).filter((scope) => /^api-keys:|:(?:erase|introspect|admin)$/.test(scope))).toEqual(
    [],
  );
});

test('every withheld scope is asked for by an operation', () => {
  const asked = allContracts.flatMap(({ operations }) => Object.values(operations).map(({ access }) => access.scope));
  expect(Object.keys(withheldScopes).filter((scope) => !asked.includes(scope))).toEqual([]);
});
