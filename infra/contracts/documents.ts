import { readdir, readFile } from 'node:fs/promises';
import { allContracts } from '../../ai/contracts.ts';
import { asyncApiOf, type AsyncApiDocument } from '../../microservices/chassis/contract/documents/async-api.ts';
import {
  brokenEvents,
  brokenOperations,
  type Change,
} from '../../microservices/chassis/contract/documents/evolution.ts';
import { openApiOf, type OpenApiDocument } from '../../microservices/chassis/contract/documents/open-api.ts';
import type { Contract } from '../../microservices/chassis/contract/index.ts';

/** The documents of the last release, two files for each domain. Present contracts must not break them. */
const releasedFolder = new URL('../../microservices/released/', import.meta.url);

export interface PublishedDocuments {
  openApi: OpenApiDocument;
  asyncApi: AsyncApiDocument;
}

/** The operations and events of these contracts, as the platform publishes them. */
export const documentsOf = async (contracts: readonly Contract[], version: string): Promise<PublishedDocuments> => {
  const sorted = contracts.toSorted((left, right) => (left.domain < right.domain ? -1 : 1));
  const info = { title: 'FusionCommerce', version };
  return { openApi: await openApiOf(sorted, info), asyncApi: asyncApiOf(sorted, info) };
};

/** Where a released document of a domain lies. */
export const releasedFile = (domain: string, kind: 'openapi' | 'asyncapi'): URL =>
  new URL(`${domain}.${kind}.json`, releasedFolder);

/** The domains that were released. Empty before the first release. */
export const releasedDomains = async (): Promise<string[]> => {
  const files = await readdir(releasedFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return files.filter((file) => file.endsWith('.openapi.json')).map((file) => file.replace('.openapi.json', ''));
};

/**
 * Released fields of events that are not sent any more, because people wrote what stood in them and events cannot be
 * erased. They stay in the schemas as optional fields. The next release takes them out of this list.
 */
export const withdrawnFields: readonly string[] = [
  ...['approved', 'held_for_review', 'rejected', 'cancelled', 'closed'].map((type) => `order.${type} payload.reason`),
  'refund.issued payload.reason',
  'order.shipped payload.carrier',
  'order.shipped payload.trackingNumber',
  'order.created payload.shippingPostalCode',
];

const isWithdrawn = ({ where, what }: Change): boolean =>
  what === 'it can now be missing' && withdrawnFields.some((field) => where.endsWith(field));

/**
 * All that would break users of the last release, beside fields that were withdrawn; empty when everything that worked
 * still works.
 */
export const changesSinceRelease = async (): Promise<Change[]> =>
  (await allChanges()).filter((change) => !isWithdrawn(change));

/** Withdrawn fields that the last release does not have: they are to be taken out of the list. */
export const withdrawnBefore = async (): Promise<string[]> => {
  const changes = await allChanges();
  return withdrawnFields.filter((field) => !changes.some(({ where }) => where.endsWith(field)));
};

const allChanges = async (): Promise<Change[]> => (await Promise.all((await releasedDomains()).map(changesOf))).flat();

const changesOf = async (domain: string): Promise<Change[]> => {
  const contract = allContracts.find((one) => one.domain === domain);
  if (!contract) return [{ where: domain, what: 'the contract was removed' }];
  const [before, after] = [await released(domain), asJson(await documentsOf([contract], '0.0.0'))];
  return [...brokenOperations(before.openApi, after.openApi), ...brokenEvents(before.asyncApi, after.asyncApi)];
};

const released = async (domain: string): Promise<PublishedDocuments> => {
  const read = async (kind: 'openapi' | 'asyncapi'): Promise<unknown> =>
    JSON.parse(await readFile(releasedFile(domain, kind), 'utf8'));
  return {
    openApi: (await read('openapi')) as OpenApiDocument,
    asyncApi: (await read('asyncapi')) as AsyncApiDocument,
  };
};

const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
