import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsContract } from '../../microservices/events/contract.ts';
import { pointToReference, SINGLE_OPERATIONS } from './documentation.ts';

const root = new URL('../../', import.meta.url).pathname;

test('Docs of a node leads to the reference of the platform that runs, datastores to the repository', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-docs-'));
  try {
    for (const file of globSync('nodes/*/*.node.json', { cwd: root }))
      await cp(join(root, file), join(folder, 'dist', file));
    await pointToReference(folder, 'http://127.0.0.1:3000/n8n-templates');
    const pageOf = async (node: string) => {
      const text = await readFile(join(folder, 'dist/nodes', node), 'utf8');
      return (JSON.parse(text) as { resources: { primaryDocumentation: { url: string }[] } }).resources
        .primaryDocumentation[0]?.url;
    };
    expect(await pageOf('Order/FusionCommerceOrder.node.json')).toBe('http://127.0.0.1:3000/reference/orders');
    expect(await pageOf('Wallet/FusionCommerceWallet.node.json')).toBe('http://127.0.0.1:3000/reference/wallet');
    expect(await pageOf('Trigger/FusionCommerceTrigger.node.json')).toBe('http://127.0.0.1:3000/reference/events');
    expect(await pageOf('Limit/FusionCommerceLimit.node.json')).toBe(
      'http://127.0.0.1:3000/reference/events#events.useLimit',
    );
    for (const operation of Object.values(SINGLE_OPERATIONS))
      expect(Object.keys(eventsContract.operations)).toContain(operation.replace('events.', ''));
    expect(await pageOf('MinIo/MinIo.node.json')).toMatch(/^https:\/\/github\.com\//);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
