/** `npm run release:nodes`: writes down what workflows saved with this version hold. From then on the tests refuse a node that would not load them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { root } from './files.ts';
import { savedNode } from './saved-parameters.ts';
import { buildPackage } from './testing/built-package.ts';

const built = await buildPackage();
try {
  const nodes = Object.fromEntries(built.nodes.map(({ description }) => [description.name, savedNode(description)]));
  const file = join(root, 'nodes/released/nodes.json');
  await writeFile(file, await format(JSON.stringify(nodes), { parser: 'json', printWidth: 120 }));
  console.log(`${Object.keys(nodes).length} nodes written to ${file}`);
} finally {
  await built.remove();
}
