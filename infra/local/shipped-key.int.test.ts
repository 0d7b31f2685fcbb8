import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import { loadPackage, type TestedPackage } from '../n8n-package/testing/built-package.ts';
import { createCanvas, type CanvasNode } from '../n8n-package/testing/canvas.ts';
import { commerceNode, trigger } from '../n8n-package/testing/shop.ts';
import { allServices } from '../platform/services.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { journeyKey } from './journeys.ts';

let platform: TestPlatform;
let built: TestedPackage;
let apiKey: string;
beforeAll(async () => {
  built = await loadPackage();
  platform = await startTestPlatform({ services: allServices });
  apiKey = await journeyKey(platform.url, platform.access);
});
afterAll(() => platform.stop());

const PREFIX = 'fusionCommerce';

const optionsOf = ({ options = [] }: INodeProperties): INodePropertyOptions[] => options as INodePropertyOptions[];

/** A read of each resource of a node that needs nothing but its name: a page of a list. */
const readsOf = ({ name, properties }: INodeTypeDescription): CanvasNode[] =>
  properties
    .filter((property) => property.name === 'operation')
    .flatMap((property) => {
      const read = optionsOf(property).find((option) => option.name === 'Get Many');
      return read
        ? (property.displayOptions?.show?.['resource'] ?? []).map((resource) =>
            commerceNode(name.slice(PREFIX.length), resource as string, read.value as string),
          )
        : [];
    });

test('the key that npm start makes reads a list of every resource that has one, from the node as it is placed', async () => {
  const reads = built.nodes
    .filter(({ description }) => description.name.startsWith(PREFIX))
    .flatMap(({ description }) => readsOf(description));
  const refused: [kind: string, resource: string, why: string][] = [];
  const canvas = createCanvas({ node: (type) => built.node(type), baseUrl: platform.url, apiKey });
  for (const node of reads) {
    const { resource } = node.parameters ?? {};
    await canvas.run([trigger, node]).catch(({ message }: Error) => {
      // A list of what belongs to one thing needs the name of that thing.
      if (!message.includes('It is empty, and the operation needs it'))
        refused.push([node.type, resource as string, message]);
    });
  }
  // Who could read keys' names could look for the strongest: withheld from journeys.
  expect(refused).toEqual([
    [expect.stringContaining('Customer'), 'apiKey', expect.stringContaining('lacks the scope api-keys:read')],
  ]);
  expect(new Set(reads.map(({ type }) => type)).size).toBeGreaterThan(8);
});
