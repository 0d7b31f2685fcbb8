import { chooseServices } from '../platform/choose-services.ts';
import { readOptions, WrongSetting, type Options } from '../platform/options.ts';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';

const COMMANDS = ['serve', 'migrate', 'topics', 'check'] as const;
type Command = (typeof COMMANDS)[number];

export interface Arguments {
  command: Command;
  /** The services that the command is about. */
  services: readonly ServiceDefinition[];
  /** The role that `migrate` gives the services' rights to. */
  grantTo: string | undefined;
  options: Options & { databaseUrl: string; kafka: string[] };
}

export const HELP = [
  'Usage: fusioncommerce COMMAND [NAMES…] [options]',
  '',
  '  serve NAMES…      runs these services in one process; "gateway" alone runs none and passes requests on,',
  '                    "all" runs every service',
  '  migrate [NAMES…]  migrates the schemas of these services, or of all, and ends.',
  '                    --grant-to ROLE lets that role read and write their rows afterwards, and nothing else',
  '  topics            creates the Kafka topics that are missing, and ends',
  '  check [NAMES…]    says whether the schemas and topics are as this version needs them: exit code 0 or 1',
  '',
  'Options are those of `npm start -- --help`, best given by environment variables (infra/SETTINGS.md).',
  'Each variable that holds a secret can be given as a file: DATABASE_URL_FILE instead of DATABASE_URL.',
].join('\n');

/** Reads a command line. Throws WrongSetting saying what is wrong with it. */
export const readArguments = (
  argv: readonly string[],
  environment: Record<string, string | undefined>,
): Arguments | 'help' => {
  const [command, ...rest] = argv;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') return 'help';
  if (!isCommand(command))
    throw new WrongSetting(`"${command}" is not a command. Commands are: ${COMMANDS.join(', ')}.`);
  const firstFlag = rest.findIndex((argument) => argument.startsWith('-'));
  const names = firstFlag < 0 ? rest : rest.slice(0, firstFlag);
  const { grantTo, flags } = takeGrantTo(firstFlag < 0 ? [] : rest.slice(firstFlag));
  if (grantTo !== undefined && command !== 'migrate')
    throw new WrongSetting(`--grant-to is for migrate, which makes the tables that it gives rights to.`);
  const options = readOptions(flags, environment);
  if (options === 'help') return 'help';
  return {
    command,
    services: servicesOf(command, names),
    grantTo,
    options: withEngines(options, command === 'serve' && names[0] === 'gateway'),
  };
};

const isCommand = (text: string): text is Command => COMMANDS.some((command) => command === text);

const servicesOf = (command: Command, names: readonly string[]): readonly ServiceDefinition[] => {
  if (names.length === 0 && command === 'serve')
    throw new WrongSetting(
      `serve needs the names of services: ${namesOfAll()}. "gateway" runs none of them, "all" every one.`,
    );
  if (names.length === 0 || (names.length === 1 && names[0] === 'all')) return chooseServices(undefined);
  if (names.length === 1 && names[0] === 'gateway' && command === 'serve') return [];
  return chooseServices([...new Set(names)], command);
};

const namesOfAll = (): string =>
  chooseServices(undefined)
    .map(({ contract }) => contract.domain)
    .join(', ');

const takeGrantTo = (flags: readonly string[]): { grantTo: string | undefined; flags: string[] } => {
  const at = flags.indexOf('--grant-to');
  if (at < 0) return { grantTo: undefined, flags: [...flags] };
  const role = flags[at + 1] ?? '';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(role))
    throw new WrongSetting(
      `--grant-to holds "${role}"; it should be the name of a role: lowercase letters, digits and underscores.`,
    );
  return { grantTo: role, flags: flags.toSpliced(at, 2) };
};

/** A gateway alone keeps nothing and never connects to a database. */
const NO_DATABASE = 'postgres://gateway.invalid/none';

const withEngines = ({ kafka, ...options }: Options, isGateway: boolean): Arguments['options'] => {
  const databaseUrl = isGateway ? NO_DATABASE : options.databaseUrl;
  if (databaseUrl === undefined || kafka === undefined)
    throw new WrongSetting(
      `${databaseUrl === undefined ? 'DATABASE_URL' : 'KAFKA_BROKERS'} is not set: this command brings no engines of its own (npm start does). Name yours.`,
    );
  return { ...options, databaseUrl, kafka };
};
