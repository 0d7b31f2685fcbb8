import { allContracts } from '../../ai/contracts.ts';
import { asyncApiOf, type AsyncApiDocument } from '../../microservices/chassis/contract/documents/async-api.ts';
import { openApiOf, type OpenApiDocument } from '../../microservices/chassis/contract/documents/open-api.ts';

/** The last release's documents, which present contracts must not break. */
export const releasedFolder = new URL('../../microservices/released/', import.meta.url);

export interface PublishedDocuments {
  openApi: OpenApiDocument;
  asyncApi: AsyncApiDocument;
}

/** Every domain's operations and events, as the platform publishes them. */
export const presentDocuments = async (version: string): Promise<PublishedDocuments> => {
  const contracts = allContracts.toSorted((left, right) => (left.domain < right.domain ? -1 : 1));
  const info = { title: 'FusionCommerce', version };
  return { openApi: await openApiOf(contracts, info), asyncApi: asyncApiOf(contracts, info) };
};
