import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { allServices } from '../platform/services.ts';
import { topicsOf } from '../platform/topics.ts';
import { whoTalks } from './who-talks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The chart's file that follows from the contracts. */
export const generatedFile = new URL('charts/fusioncommerce/files/generated.yaml', import.meta.url);

/** Services with who they call and what they read and write, and the topics, as YAML. */
export const writeGenerated = async (): Promise<string> => {
  const contracts = allServices.map(({ contract }) => contract);
  const services = Object.fromEntries(
    (await whoTalks(root, contracts)).map(({ domain, ...talker }) => [domain, talker]),
  );
  const topics = Object.fromEntries(
    topicsOf(contracts).map(({ topic, partitions, retentionMs }) => [topic, { partitions, retentionMs }]),
  );
  return `# Written by \`npm run docs\` from the contracts and sources: never change it by hand.\n${stringify({ services, topics })}`;
};
