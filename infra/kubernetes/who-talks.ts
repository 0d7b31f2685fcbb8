import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { topicOf, type Contract } from '../../microservices/chassis/contract/index.ts';
import { deadLetterTopic } from '../../microservices/chassis/events/dead-letter.ts';
import { JOURNEY_REPORTS } from '../../microservices/chassis/events/journey-report.ts';

/** One service as networks, brokers and databases see it. */
export interface Talker {
  domain: string;
  /** Domains whose operations it calls. */
  calls: string[];
  /** Topics that it writes. */
  writes: string[];
  /** Topics that it reads. */
  reads: string[];
  /** Beginning of the names of its consumer groups. */
  groups: string;
}

/** Every service asks customers about keys and sessions, follows their end on its topic, and sends audit lines. */
const FOR_ALL = ['customers', 'audit'];
/** The events service delivers every event, and collects every dead letter and the reports of journeys. */
const READS_ALL = 'events';

/**
 * Who calls whom and who reads what, from the sources: `client(ordersContract)` is a call, `react(ordersContract, …)` a
 * reaction. `root` is the folder of the repository.
 */
export const whoTalks = async (root: string, contracts: readonly Contract[]): Promise<Talker[]> => {
  const domains = contracts.map(({ domain }) => domain);
  return Promise.all(
    contracts.map(async (contract) => {
      const { domain } = contract;
      const source = await sourcesOf(root, domain);
      const known = (names: readonly string[]): string[] =>
        domains.filter((name) => name !== domain && names.includes(name));
      const reacts = known(named(source, /\breact\b[^(]{0,200}\(\s*(\w+)Contract\b/g));
      const read = domain === READS_ALL ? domains : [...new Set([...reacts, 'customers'])].toSorted();
      const topics = contracts.filter((one) => read.includes(one.domain)).map(topicOf);
      const deadLetters = topics.map(deadLetterTopic);
      return {
        domain,
        calls: known([...named(source, /\bclient\(\s*(\w+)Contract\b/g), ...FOR_ALL]),
        writes: [...new Set([topicOf(contract), ...deadLetters])],
        reads: domain === READS_ALL ? [...topics, ...deadLetters, JOURNEY_REPORTS] : topics,
        groups: domain,
      };
    }),
  );
};

const named = (source: string, pattern: RegExp): string[] => [...source.matchAll(pattern)].map(([, name = '']) => name);

/** The text of all sources of a service that are no tests. Throws when there is no service of that name. */
export const sourcesOf = async (root: string, domain: string): Promise<string> => {
  const folder = firstFolder([join(root, 'microservices', domain), join(root, 'ai', domain)]);
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/(^|\/)testing/.test(file),
  );
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
};

const firstFolder = (folders: readonly string[]): string => {
  for (const folder of folders) if (existsSync(join(folder, 'contract.ts'))) return folder;
  throw new Error(`None of ${folders.join(', ')} has a contract.ts.`);
};
