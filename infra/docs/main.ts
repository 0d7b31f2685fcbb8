import { writeFile } from 'node:fs/promises';
import { settingsPage, writeSettingsPage } from './settings-page.ts';

// Writes the pages that are made from the code: npm run docs.
await writeFile(settingsPage, writeSettingsPage());
