import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { builtPackage } from '../n8n-package/built.ts';
import { pointToReference } from './documentation.ts';

/** The name of the package, as package.json says it. */
const NAME = 'n8n-nodes-fusioncommerce';

/**
 * Puts the community package where n8n keeps such packages, packed and installed as a merchant gets it. So templates
 * carry the published type names, and what is tested is what merchants get.
 */
export const installPackage = async (userFolder: string, platformUrl: string): Promise<void> => {
  const target = join(userFolder, '.n8n', 'nodes');
  const { installed } = await builtPackage();
  await cp(installed, target, { recursive: true, force: true });
  await pointToReference(join(target, 'node_modules', NAME), platformUrl);
};
