import { settingRows, type SettingRow } from '../../microservices/chassis/settings/index.ts';
import { allOptions } from '../platform/options.ts';
import { variablesWithoutFlag } from '../platform/options/variables.ts';
import { allServices } from '../platform/services.ts';

/** Where the page is kept. */
export const settingsPage = new URL('../SETTINGS.md', import.meta.url);

/** The page of all options of the platform and all settings of all services, in Markdown. */
export const writeSettingsPage = (): string =>
  [
    '# Settings',
    '',
    'A wrong value stops the start with an error that names the setting, the value it holds and what it should be.',
    'Written by `npm run docs`: change the code that each part names, never this page.',
    '',
    '## The platform',
    '',
    'Flags of `npm start -- …`, or environment variables; a flag wins. Declared in `infra/platform/options/`.',
    '',
    ...table(['flag', 'variable', 'default', 'should be', 'description'], optionRows()),
    '',
    'From the environment only:',
    '',
    ...table(['variable', 'secret', 'description'], variableRows()),
    '',
    '`fusioncommerce serve` reads each secret, also those of services, from a file too: `DATABASE_URL_FILE=/run/secrets/url` instead of `DATABASE_URL`.',
    '',
    '## The services',
    '',
    'Environment variables that each service reads when it starts. Declared in the `settings.ts` of each service.',
    '',
    ...table(['variable', 'service', 'default', 'should be', 'description'], serviceRows()),
    '',
  ].join('\n');

const optionRows = (): string[][] =>
  Object.values(allOptions).map((option) => [
    `\`--${option.flag}${option.value ? ` ${option.value}` : ''}\``,
    `\`${option.variable}\``,
    option.defaultInWords ?? inCode(option.default ?? (option.value ? '' : 'false')),
    option.isSecret ? `${option.expected} (secret)` : option.expected,
    option.help,
  ]);

const variableRows = (): string[][] =>
  Object.entries(variablesWithoutFlag).map(([name, { description, isSecret }]) => [
    `\`${name}\``,
    isSecret ? 'secret' : '',
    description,
  ]);

const serviceRows = (): string[][] =>
  allServices.flatMap(({ contract, settings }) => settingRows(contract.domain, settings ?? {})).map(serviceRow);

const serviceRow = (row: SettingRow): string[] => {
  const standard = row.isRequired ? '(required)' : inCode(row.default);
  const kind = row.isSecret ? `${row.expected} (secret)` : row.expected;
  return [`\`${row.variable}\``, row.service, standard, kind, row.description];
};

const inCode = (text: string): string => (text === '' ? '' : `\`${text}\``);

const table = (headings: readonly string[], rows: readonly string[][]): string[] => [
  line(headings),
  line(headings.map(() => '---')),
  ...rows.map((cells) => line(cells.map(escaped))),
];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
