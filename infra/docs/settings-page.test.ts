import { readFile } from 'node:fs/promises';
import { allServices } from '../platform/services.ts';
import { settingsPage, writeSettingsPage } from './settings-page.ts';

test('the page of settings is up to date (npm run docs writes it)', async () => {
  expect(await readFile(settingsPage, 'utf8')).toBe(writeSettingsPage());
});

test('no two settings of a process share a variable', () => {
  const variables = allServices.flatMap(({ settings }) =>
    Object.values(settings ?? {}).map(({ variable }) => variable),
  );
  expect(variables.filter((variable, index) => variables.indexOf(variable) !== index)).toEqual([]);
});
