import { beforeAll, describe, expect, test } from '@jest/globals';
import { allContracts } from '../../ai/contracts.ts';
import { listOperations } from '../../microservices/chassis/contract/documents/listed-operations.ts';
import { asyncApiFaults, exampleFaults, openApiFaults } from '../../microservices/chassis/testing/documents.ts';
import {
  changesSinceRelease,
  documentsOf,
  releasedDomains,
  withdrawnBefore,
  type PublishedDocuments,
} from './documents.ts';

let present: PublishedDocuments;
beforeAll(async () => {
  present = await documentsOf(allContracts, '0.0.0');
});

describe('what all services publish', () => {
  test('is valid OpenAPI with every operation of every contract', async () => {
    expect(await openApiFaults(present.openApi)).toEqual([]);
    const declared = allContracts.flatMap((contract) =>
      Object.keys(contract.operations).map((name) => `${contract.domain}.${name}`),
    );
    expect(
      listOperations(present.openApi)
        .map(({ operationId }) => operationId)
        .toSorted(),
    ).toEqual(declared.toSorted());
  });

  test('is valid AsyncAPI with every event of every contract', () => {
    expect(asyncApiFaults(present.asyncApi)).toEqual([]);
    const declared = allContracts.flatMap((contract) => Object.keys(contract.events));
    expect(Object.keys(present.asyncApi.components.messages).toSorted()).toEqual(declared.toSorted());
  });

  test('has examples that its own schemas take', () => {
    expect([...exampleFaults(present.openApi), ...exampleFaults(present.asyncApi)]).toEqual([]);
  });

  test('does not break what uses the last release', async () => {
    expect(await releasedDomains()).not.toEqual([]);
    expect((await changesSinceRelease()).map(({ where, what }) => `${where}: ${what}`)).toEqual([]);
    expect(await withdrawnBefore()).toEqual([]);
  });
});
