import { settingRows, type SettingRow } from '../../microservices/chassis/settings/index.ts';
import { allServices } from '../platform/services.ts';

/** Where the page is kept. */
export const settingsPage = new URL('../SETTINGS.md', import.meta.url);

/** The page of all settings of all services, in Markdown. */
export const writeSettingsPage = (): string => {
  const rows = allServices.flatMap(({ contract, settings }) => settingRows(contract.domain, settings ?? {}));
  return [
    '# Settings of the services',
    '',
    'Environment variables that each service reads when it starts. A wrong value stops the start with one error that names every wrong variable.',
    'Written by `npm run docs` from the `settings.ts` of each service.',
    '',
    '| variable | service | default | should be | description |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(line),
    '',
  ].join('\n');
};

const line = (row: SettingRow): string => {
  const standard = row.isRequired ? '(required)' : row.default === '' ? '' : `\`${row.default}\``;
  const kind = row.isSecret ? `${row.expected} (secret)` : row.expected;
  return `| ${[`\`${row.variable}\``, row.service, standard, kind, row.description].map(cell).join(' | ')} |`;
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
