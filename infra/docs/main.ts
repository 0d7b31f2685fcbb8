import { writeFile } from 'node:fs/promises';
import { generatedFile, writeGenerated } from '../kubernetes/generated.ts';
import { architectureFile, drawArchitecture } from './architecture.ts';
import { settingsPage, writeSettingsPage } from './settings-page.ts';

// Writes the pages and pictures that are made from the code: npm run docs.
await writeFile(settingsPage, writeSettingsPage());
await writeFile(architectureFile, await drawArchitecture());
await writeFile(generatedFile, await writeGenerated());
