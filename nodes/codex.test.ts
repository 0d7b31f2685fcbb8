import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;

interface Codex {
  node: string;
  alias: string[];
  resources: { primaryDocumentation: { url: string }[] };
}
const codexes = globSync('*/*.node.json', { cwd: root }).map(
  (file) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Codex,
);

/** Nodes that the node panel finds by their aliases. */
const found = (words: string): string[] =>
  codexes
    .filter(({ alias }) => alias.some((one) => one.toLowerCase().includes(words)))
    .map(({ node }) => node.replace('n8n-nodes-fusioncommerce.fusionCommerce', ''));

test.each([
  ['new order', ['Trigger', 'GatewayTrigger', 'Order']],
  ['low stock', ['Trigger', 'GatewayTrigger', 'Inventory']],
  ['abandoned', ['Trigger', 'GatewayTrigger', 'Order']],
  ['loyalty', ['Wallet', 'Customer', 'Order']],
  ['send email', ['Notification']],
  ['store credit', ['Wallet']],
  ['vip', ['Customer']],
])('the search of the node panel finds nodes for “%s”', (words, nodes) => {
  expect(found(words)).toEqual(expect.arrayContaining(nodes));
  // Whoever types this means a few nodes, not any.
  expect(found(words).length).toBeLessThan(codexes.length / 4);
});

/** n8n ranks a name higher the fewer letters it has beyond what was typed. */
const shortest = (node: string, words: string): number => {
  const { alias = [] } = codexes.find((codex) => codex.node.endsWith(`.fusionCommerce${node}`)) ?? {};
  return Math.min(...alias.filter((one) => one.toLowerCase().startsWith(words)).map(({ length }) => length));
};

const EVENTS = ['new order', 'order confirmed', 'low stock', 'abandoned cart', 'new customer', 'start a journey'];

test.each(EVENTS)('for “%s” the Trigger stands first, and the Gateway Trigger is found', (words) => {
  expect(shortest('GatewayTrigger', words)).toBeLessThan(Infinity);
  const others = codexes.map(({ node }) => node.split('.fusionCommerce')[1] ?? '').filter((name) => name !== 'Trigger');
  const before = others.filter((name) => name !== 'Event' && shortest(name, words) <= shortest('Trigger', words));
  expect(before).toEqual([]);
});

test('every node has a page that explains it, without a part that n8n’s own parameters would follow', () => {
  for (const { node, resources } of codexes) {
    const [page] = resources.primaryDocumentation;
    expect([node, page?.url]).toEqual([node, expect.stringMatching(/^https:\/\/[^#?]+$/) as string]);
  }
});
