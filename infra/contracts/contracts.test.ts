import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { allContracts } from '../../ai/contracts.ts';
import { brokenEvents, brokenOperations } from '../../microservices/chassis/contract/documents/evolution.ts';
import { listOperations } from '../../microservices/chassis/contract/documents/listed-operations.ts';
import { asyncApiFaults, exampleFaults, openApiFaults } from '../../microservices/chassis/testing/documents.ts';
import { presentDocuments, releasedFolder, type PublishedDocuments } from './documents.ts';

let present: PublishedDocuments;
beforeAll(async () => {
  present = await presentDocuments('0.0.0');
});

const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

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
    const released = await Promise.all(
      ['openapi.json', 'asyncapi.json'].map((name) => readFile(new URL(name, releasedFolder), 'utf8')),
    ).catch((error: unknown) => {
      throw new Error(
        'There is no released contract in microservices/released. Write it with: npm run release:contracts',
        { cause: error },
      );
    });
    const [openApi, asyncApi] = released.map((text) => JSON.parse(text) as unknown);
    const changes = [
      ...brokenOperations(openApi as PublishedDocuments['openApi'], asJson(present.openApi)),
      ...brokenEvents(asyncApi as PublishedDocuments['asyncApi'], asJson(present.asyncApi)),
    ];
    expect(changes.map(({ where, what }) => `${where}: ${what}`)).toEqual([]);
  });
});
