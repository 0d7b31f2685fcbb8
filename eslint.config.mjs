import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';

/** Folders that hold a contract.ts: the domains of microservices/ and the models of ai/. */
const foldersWithContract = (parent) =>
  readdirSync(join(import.meta.dirname, parent)).filter((name) =>
    existsSync(join(import.meta.dirname, parent, name, 'contract.ts')),
  );
const domains = foldersWithContract('microservices');

/**
 * All of a domain's folder but its contract; a glob's `!(…)` stands for one step of the path, so what lies deeper is
 * named too.
 */
const behindContract = (folder) => [`${folder}/!(contract.ts)`, `${folder}/*/**/*`];
const behindContracts = (parent, names) => names.flatMap((name) => behindContract(`${parent}/${name}`));

/** A domain may read another domain's contract, nothing else of it. */
const domainWalls = domains.map((domain) => ({
  target: `./microservices/${domain}`,
  from: behindContracts(
    './microservices',
    domains.filter((other) => other !== domain),
  ),
  message: `${domain} may import only the contract.ts of another domain (ARCHITECTURE: who may import whom).`,
}));

/** The model services of ai/, beside the domains: the same walls, and `learning` is theirs to share. */
const models = foldersWithContract('ai');
const modelWalls = models.map((model) => ({
  target: `./ai/${model}`,
  from: [
    ...behindContracts('./microservices', domains),
    ...behindContracts(
      './ai',
      models.filter((other) => other !== model),
    ),
  ],
  message: `${model} may import only the contract.ts of another domain (ARCHITECTURE: who may import whom).`,
}));

const walls = [
  ...domainWalls,
  ...modelWalls,
  {
    target: './ai',
    from: ['./infra', './nodes', './credentials'],
    message: 'Models do not know where they run: infra imports services, never the reverse.',
  },
  {
    target: './microservices/chassis',
    from: [...domains, 'gateway', 'contracts.ts'].map((name) => `./microservices/${name}`),
    message: 'The chassis knows no domain: it imports third-party libraries only.',
  },
  {
    target: './microservices/chassis',
    from: './microservices/ports',
    except: ['./key-value/port.ts', './object-store/port.ts'],
    message: 'The chassis knows the ports by their interface (port.ts), never by an adapter.',
  },
  {
    target: './microservices/ports',
    from: [...domains, 'gateway', 'contracts.ts'].map((name) => `./microservices/${name}`),
    message: 'Ports know no domain: they import the chassis and third-party libraries only.',
  },
  {
    target: './microservices',
    from: ['./infra', './nodes', './ai'],
    message: 'Services do not know where they run: infra imports services, never the reverse.',
  },
  {
    target: './nodes',
    from: [...behindContracts('./microservices', domains), ...behindContracts('./ai', models)],
    message: 'Nodes read contracts, nothing behind them.',
  },
  {
    // The trigger speaks Kafka itself and shares the chassis' way of doing so; nodes of datastores have their own
    // clients, the others speak HTTP.
    target: './nodes/Trigger',
    from: './microservices/chassis',
    except: [
      './contract',
      './kafka/client.ts',
      './kafka/consumer.ts',
      './kafka/offsets.ts',
      './kafka/failure.ts',
      './kafka/in-flight.ts',
      './kafka/consume',
      './kafka/at-most.ts',
      './kafka/read-topics.ts',
      './events/envelope.ts',
      './events/dead-letter.ts',
      './events/replay.ts',
      './events/journey-report.ts',
    ],
    message:
      'The trigger shares the Kafka client, its consumer and its errors, the envelope, the dead letters, replays, the reports and the samples, nothing else.',
  },
  {
    target: './nodes/Trigger',
    from: './infra',
    message: 'Nodes do not know where they run.',
  },
  {
    target: './nodes/ScyllaDb',
    from: './microservices/chassis',
    except: ['./contract'],
    message: 'The ScyllaDB node shares contracts with the chassis, nothing else.',
  },
  {
    target: './nodes/ScyllaDb',
    from: './microservices/ports',
    except: ['./key-value/cql/identity.ts', './key-value/cql/driver-faults.ts'],
    message: 'The ScyllaDB node shares what certificates are good and what is made good of the client, nothing else.',
  },
  {
    target: './nodes/ScyllaDb',
    from: './infra',
    message: 'Nodes do not know where they run.',
  },
  {
    target: './nodes/!(Trigger|ScyllaDb)/**/*',
    from: [
      './microservices/chassis/*.ts',
      './microservices/chassis/!(contract)/**/*',
      './microservices/ports/**/*',
      './infra/**/*',
    ],
    message: 'Nodes read contracts, nothing behind them.',
  },
  {
    target: ['./nodes/run', './nodes/datastore'],
    from: ['./nodes/form', './ai'],
    message: 'What runs in n8n gets plain data: contracts and forms are for build time.',
  },
  {
    target: ['./nodes/run', './nodes/datastore'],
    from: './microservices',
    // Currencies and their decimals are plain data.
    except: ['./chassis/contract/iso.ts'],
    message: 'What runs in n8n gets plain data: contracts and forms are for build time.',
  },
  {
    target: './credentials',
    from: ['./microservices', './ai', './infra'],
    message: 'Credentials stand alone.',
  },
  {
    target: './credentials',
    from: './nodes',
    // The form of TLS belongs to what its fields do.
    except: ['./run/tls.ts'],
    message: 'Credentials stand alone, but for the fields of TLS.',
  },
  {
    target: ['./infra/serve', './infra/platform'],
    from: ['local', 'n8n', 'n8n-package', 'engines', 'embedded-kafka', 'faults', 'bench', 'import'].map(
      (name) => `./infra/${name}`,
    ),
    message: 'What runs in production brings no engines, no n8n and no demo.',
  },
  {
    target: './infra/embedded-kafka',
    from: ['./microservices/**/*', './infra/!(embedded-kafka)/**/*', './ai/**/*', './nodes/**/*'],
    message: 'The broker is a package of its own and imports nothing of the platform.',
  },
];

export default tseslint.config(
  { ignores: ['**/node_modules/**', 'dist/**', '.fusioncommerce/**', 'coverage/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/resolver': { node: { extensions: ['.ts', '.js', '.mjs'] } },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      // Circles of imports are found by knip, in a tenth of the time.
      'import-x/no-restricted-paths': ['error', { zones: walls }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      // Prettier breaks code and leaves comments as they are.
      'max-len': [
        'error',
        { code: 1000, comments: 120, ignoreUrls: true, ignoreTemplateLiterals: true, ignoreStrings: true },
      ],
      'max-lines-per-function': ['warn', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Whoever opens a client by itself misses what the chassis mends of kafkajs, and its time-outs.
    files: ['**/*.ts'],
    ignores: ['microservices/chassis/kafka/**', 'infra/embedded-kafka/**', 'infra/bench/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^kafkajs(/|$)',
              allowTypeImports: true,
              message: 'Only chassis/kafka uses kafkajs; import its types only, and open clients with createKafka.',
            },
          ],
        },
      ],
    },
  },
  {
    files: [
      '**/*.test.ts',
      '**/port-contract.ts',
      'infra/test/**',
      'infra/faults/**',
      'infra/n8n-package/testing/**',
      'infra/bench/**',
    ],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // Integration tests run a service as the platform does; the walls between domains stand for them too.
    files: [
      'microservices/**/*.int.test.ts',
      'microservices/*/testing/**',
      'ai/**/*.int.test.ts',
      'nodes/**/*.{int,engine}.test.ts',
      'nodes/*/testing/**',
    ],
    rules: { 'import-x/no-restricted-paths': ['error', { zones: [...domainWalls, ...modelWalls] }] },
  },
  {
    files: ['nodes/run/**/*.ts', 'nodes/datastore/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'zod', message: 'Zod is for build time (nodes/form): it would be in the bundle of every node.' },
          ],
        },
      ],
    },
  },
  {
    // What people start from a terminal speaks to that terminal.
    files: ['infra/**', 'ai/*/evaluate.ts'],
    rules: { 'no-console': 'off' },
  },
);
