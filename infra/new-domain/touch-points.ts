import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { domainContracts } from '../../microservices/contracts.ts';
import type { Names } from './names.ts';

/** From infra/platform to the root. */
const UP = '../../';

export const CONTRACTS = 'microservices/contracts.ts';
export const SERVICES = 'infra/platform/services.ts';
export const PACKAGE = 'package.json';

/** The three files outside its folders that know a domain, with the new one added. */
export const touchPoints = async (root: string, names: Names): Promise<Map<string, string>> => {
  const last = domainContracts.at(-1)?.domain ?? '';
  const { domain } = names;
  const edit = async (file: string, change: (text: string) => string): Promise<[string, string]> => [
    file,
    change(await readFile(join(root, file), 'utf8')),
  ];
  return new Map([
    await edit(CONTRACTS, (text) =>
      withEntry(withImport(text, `import { ${domain}Contract } from './${domain}/contract.ts';`), {
        ...{ file: CONTRACTS, after: `${last}Contract`, entry: `${domain}Contract` },
      }),
    ),
    // Domains stand before models: behind the last domain, not at the end.
    await edit(SERVICES, (text) =>
      withEntry(withImport(text, `import { ${domain} } from '${UP}microservices/${domain}/index.ts';`), {
        ...{ file: SERVICES, after: last, entry: domain },
      }),
    ),
    await edit(PACKAGE, (text) => withNode(text, names)),
  ]);
};

const withImport = (text: string, line: string): string => {
  const lines = text.split('\n');
  const last = lines.findLastIndex((one) => one.startsWith('import '));
  return lines.toSpliced(last + 1, 0, line).join('\n');
};

const withEntry = (text: string, { file, after, entry }: { file: string; after: string; entry: string }): string => {
  const line = `\n  ${after},\n`;
  if (!text.includes(line)) throw new Error(`${file} has no line "${after}," to put "${entry}," after.`);
  return text.replace(line, `${line}  ${entry},\n`);
};

/** package.json with the bundle of the node among those that n8n loads. */
const withNode = (text: string, { node }: Names): string => {
  const content = JSON.parse(text) as { n8n: { nodes: string[] } };
  const bundle = `dist/nodes/${node}/FusionCommerce${node}.node.js`;
  content.n8n.nodes = [...content.n8n.nodes, bundle].toSorted();
  return `${JSON.stringify(content, null, 2)}\n`;
};
