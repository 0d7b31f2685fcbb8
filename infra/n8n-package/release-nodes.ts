/**
 * `npm run release:nodes`: writes down what workflows saved with this version hold. From then on the tests refuse a
 * node that would not load them.
 */
import { writeReleasedNodes } from './released-nodes.ts';
import { savedNode } from './saved-parameters.ts';
import { loadPackage } from './testing/built-package.ts';

const built = await loadPackage();
const nodes = Object.fromEntries(built.nodes.map(({ description }) => [description.name, savedNode(description)]));
await writeReleasedNodes(nodes);
console.log(`${Object.keys(nodes).length} nodes written to nodes/released`);
