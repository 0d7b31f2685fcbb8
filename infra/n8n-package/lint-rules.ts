import { relative } from 'node:path';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { ESLint, type Linter } from 'eslint';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';
import type { Report } from './findings.ts';

/** As n8n's own `n8n-node lint` sets them up, but warnings count too. */
const configuration = (): Linter.Config[] => [
  {
    ...n8nCommunityNodesPlugin.configs.recommended,
    files: ['package.json', '{nodes,credentials}/**/*.ts'],
  },
  { plugins: { 'n8n-nodes-base': n8nNodesBase } },
  { files: ['package.json'], rules: n8nNodesBase.configs.community.rules },
  {
    files: ['**/credentials/**/*.ts'],
    rules: {
      ...n8nNodesBase.configs.credentials.rules,
      // A package of the community names a page of its own, not one of n8n's.
      'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
      // The other linter's rule knows better which fields are secret.
      'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
    },
  },
  {
    files: ['**/nodes/**/*.ts'],
    rules: {
      ...n8nNodesBase.configs.nodes.rules,
      // These two want the text 'main', the other linter the constant.
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
      // The API has such limits, and it is kind to say so in the form.
      'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
    },
  },
  { files: ['**/*.ts', 'package.json'], languageOptions: { parser: tseslint.parser } },
];

/** Both linters over a package's folder. */
export const lintWithBoth = async (title: string, folder: string): Promise<Report> => {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: configuration(),
    allowInlineConfig: false,
  });
  const results = await eslint.lintFiles(['package.json', 'nodes/**/*.ts', 'credentials/**/*.ts']);
  return {
    title: `linters: ${title}`,
    findings: results.flatMap(({ filePath, messages }) =>
      messages.map(({ line, ruleId, message }) => ({
        file: relative(folder, filePath),
        line,
        message,
        rule: ruleId ?? 'parser',
      })),
    ),
  };
};
