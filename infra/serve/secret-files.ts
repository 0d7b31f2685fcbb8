import { readFile } from 'node:fs/promises';
import { settingRows } from '../../microservices/chassis/settings/index.ts';
import { allOptions, WrongSetting } from '../platform/options.ts';
import { variablesWithoutFlag } from '../platform/options/variables.ts';
import { allServices } from '../platform/services.ts';

type Environment = Record<string, string | undefined>;

/** The environment variables that hold secrets: of the platform and of every service. */
export const secretVariables = (): string[] => [
  ...Object.values(allOptions)
    .filter(({ isSecret }) => isSecret)
    .map(({ variable }) => variable),
  ...Object.entries(variablesWithoutFlag)
    .filter(([, { isSecret }]) => isSecret)
    .map(([name]) => name),
  ...allServices
    .flatMap(({ contract, settings }) => settingRows(contract.domain, settings ?? {}))
    .filter(({ isSecret }) => isSecret)
    .map(({ variable }) => variable),
];

/**
 * The environment with each secret `NAME` that is missing read from the file that `NAME_FILE` names; line ends at the
 * end of the file do not count. Throws WrongSetting when both are set, and when the file cannot be read or is empty.
 */
export const withSecretsFromFiles = async (environment: Environment): Promise<Environment> => {
  const read = await Promise.all(
    [...new Set(secretVariables())]
      .filter((name) => environment[`${name}_FILE`])
      .map(async (name) => [name, await secretIn(environment, name)] as const),
  );
  return { ...environment, ...Object.fromEntries(read) };
};

const secretIn = async (environment: Environment, name: string): Promise<string> => {
  const file = environment[`${name}_FILE`] ?? '';
  const named = `The environment variable ${name}_FILE names "${file}", `;
  if (environment[name]) throw new WrongSetting(`${named}and ${name} is set too: unset one of them.`);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongSetting(`${named}which cannot be read (${error.code ?? error.message}).`);
  });
  const secret = text.replace(/[\r\n]+$/, '');
  if (secret === '') throw new WrongSetting(`${named}which is empty: it should hold the value of ${name}.`);
  return secret;
};
