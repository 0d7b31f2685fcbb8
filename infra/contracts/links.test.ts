import { allContracts } from '../../ai/contracts.ts';
import { idsIn, operationsOf } from '../../microservices/chassis/contract/identifiers.ts';
import { openApiOf } from '../../microservices/chassis/contract/documents/open-api.ts';

/** They need a customer's id, which an order of a guest does not name. */
const WITHOUT_SOURCE = new Set(['orders.linkOrder']);

test('a link of the OpenAPI document leads to every operation whose path names a thing', async () => {
  const document = JSON.stringify(await openApiOf(allContracts, { title: 'FusionCommerce', version: '1' }));
  const linked = new Set([...document.matchAll(/"operationId":"([\w.]+)","description"/g)].map(([, name]) => name));
  const unlinked = operationsOf(allContracts)
    .filter(({ declared: { input, path } }) =>
      idsIn(input, 'input').some(({ pointer }) => path.includes(`{${pointer.slice(1)}}`)),
    )
    .map(({ contract, name }) => `${contract.domain}.${name}`)
    .filter((title) => !linked.has(title) && !WITHOUT_SOURCE.has(title));
  expect(unlinked).toEqual([]);
});
