import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { enginesOptions } from './options/engines.ts';
import { processOptions } from './options/process.ts';
import { servingOptions } from './options/serving.ts';

/** Every option of the platform, in the order of --help. */
export const allOptions = { ...processOptions, ...enginesOptions, ...servingOptions };

type AllOptions = typeof allOptions;
export type Options = { [Name in keyof AllOptions]: z.output<AllOptions[Name]['schema']> };

/** A flag or an environment variable holds something wrong. Its message is for the person who starts the platform. */
export class WrongSetting extends Error {}

/**
 * Reads the platform's options from flags and environment. Throws WrongSetting naming the option, the value it holds
 * and what it should be.
 */
export const readOptions = (
  argv: readonly string[],
  environment: Record<string, string | undefined>,
): Options | 'help' => {
  const flags = parseFlags(argv);
  if (flags['help']) return 'help';
  return Object.fromEntries(
    Object.entries(allOptions).map(([name, declared]) => {
      const fromFlag = flags[declared.flag];
      const given = fromFlag === undefined ? environment[declared.variable] : String(fromFlag);
      const parsed = declared.schema.safeParse(given === undefined || given === '' ? declared.default : given);
      if (parsed.success) return [name, parsed.data];
      const where = fromFlag === undefined ? `The environment variable ${declared.variable}` : `--${declared.flag}`;
      const held = declared.isSecret ? 'something else' : `"${given ?? ''}"`;
      throw new WrongSetting(`${where} holds ${held}; it should be ${declared.expected}.`);
    }),
  ) as Options;
};

const parseFlags = (argv: readonly string[]): Record<string, string | boolean | undefined> => {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean', short: 'h' },
        ...Object.fromEntries(
          Object.values(allOptions).map(({ flag, value }) => [
            flag,
            { type: value ? ('string' as const) : ('boolean' as const) },
          ]),
        ),
      },
    }).values;
  } catch (error) {
    throw new WrongSetting(
      `${error instanceof Error ? error.message : String(error)}\nnpm start -- --help lists the options.`,
    );
  }
};

export const helpText = (): string =>
  [
    'Usage: npm start -- [options]',
    '',
    'Starts the whole platform in one process: PostgreSQL, Kafka, every service behind one gateway, demo data.',
    'The same command starts a chosen subset as its own process: --services orders,inventory --database-url … --kafka …',
    '',
    ...Object.values(allOptions).map(helpLine),
    `  ${'--help'.padEnd(32)} this text`,
    '',
    'A subset takes its keys from the data folder, or from ADMIN_KEY, SERVICE_KEY, OBJECT_SIGNING_KEY, TOKEN_PRIVATE_KEY and TOKEN_PUBLIC_KEY.',
  ].join('\n');

const helpLine = (declared: AllOptions[keyof AllOptions]): string => {
  const standard = declared.defaultInWords ?? declared.default;
  const flag = `--${declared.flag}${declared.value ? ` ${declared.value}` : ''}`;
  return `  ${flag.padEnd(32)} ${declared.help}${standard ? ` (${standard})` : ''}  [${declared.variable}]`;
};
