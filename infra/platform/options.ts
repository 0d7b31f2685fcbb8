import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readCqlAddress } from '../../microservices/ports/key-value/cql/address.ts';
import { namesProxies, readProxies } from './trusted-proxies.ts';

/** One way to configure the platform: by flag or by environment variable, checked, documented in --help. */
interface Setting<Value> {
  flag: string;
  variable: string;
  /** What stands behind the flag in --help; absent for switches. */
  value?: string;
  help: string;
  schema: z.ZodType<Value, string | undefined>;
  /** What it should hold, for the error when it does not. */
  expected: string;
  /** What it holds is not shown. */
  isSecret?: boolean;
}

const port = z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(0).max(65_535));
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const toggle = z.enum(['true', 'false']).transform((text) => text === 'true');
const httpUrl = z.url({ protocol: /^https?$/ });

const setting = <Value>(fields: Setting<Value>): Setting<Value> => fields;

const settings = {
  port: setting({
    flag: 'port',
    variable: 'PORT',
    value: 'N',
    help: 'public port of the gateway; 0 takes a free one (3000)',
    schema: port.default(3000),
    expected: 'a port number, 0 to 65535',
  }),
  host: setting({
    flag: 'host',
    variable: 'HOST',
    value: 'ADDRESS',
    help: 'address to listen on (127.0.0.1)',
    schema: z.string().min(1).default('127.0.0.1'),
    expected: 'an IP address or host name',
  }),
  data: setting({
    flag: 'data',
    variable: 'DATA_FOLDER',
    value: 'FOLDER',
    help: 'where the embedded engines keep their data (.fusioncommerce)',
    schema: z.string().min(1).default('.fusioncommerce'),
    expected: 'a folder',
  }),
  services: setting({
    flag: 'services',
    variable: 'SERVICES',
    value: 'A,B',
    help: 'only these services run in this process (all)',
    schema: list.optional(),
    expected: 'names of services separated by commas',
  }),
  serviceUrls: setting({
    flag: 'service-urls',
    variable: 'SERVICE_URLS',
    value: 'A=URL,…',
    help: 'where services answer that do not run in this process',
    schema: list.pipe(z.array(z.string().regex(/^[a-z]+=https?:\/\//))).default([]),
    expected: 'pairs like wallet=http://127.0.0.1:3001 separated by commas',
  }),
  databaseUrl: setting({
    flag: 'database-url',
    variable: 'DATABASE_URL',
    value: 'URL',
    help: 'a PostgreSQL 15 or YugabyteDB instead of the embedded one',
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    expected: 'a URL like postgres://user:password@host:5433/database',
  }),
  kafka: setting({
    flag: 'kafka',
    variable: 'KAFKA_BROKERS',
    value: 'HOST:PORT,…',
    help: 'an Apache Kafka instead of the embedded broker',
    schema: list.pipe(z.array(z.string().regex(/^[^:]+:\d+$/)).min(1)).optional(),
    expected: 'addresses like kafka-1:9092 separated by commas',
  }),
  kafkaTls: setting({
    flag: 'kafka-tls',
    variable: 'KAFKA_TLS',
    help: 'speak TLS to that Kafka; KAFKA_TLS_CA names the file of a certificate authority of its own',
    schema: toggle.default(false),
    expected: 'true or false',
  }),
  kafkaSasl: setting({
    flag: 'kafka-sasl',
    variable: 'KAFKA_SASL',
    value: 'MECHANISM',
    help: 'sign in there by plain, scram-sha-256 or scram-sha-512 (no sign-in)',
    schema: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
    expected: 'one of plain, scram-sha-256, scram-sha-512',
  }),
  kafkaUsername: setting({
    flag: 'kafka-username',
    variable: 'KAFKA_USERNAME',
    value: 'NAME',
    help: 'who signs in there, with the password in the variable KAFKA_PASSWORD',
    schema: z.string().min(1).optional(),
    expected: 'a user name',
  }),
  cql: setting({
    flag: 'cql',
    variable: 'CQL_CONTACT_POINTS',
    value: 'HOST:PORT,…',
    help: 'a ScyllaDB or Cassandra for key-value state instead of SQL',
    schema: z
      .string()
      .refine((text) => readCqlAddress(text) !== undefined)
      .transform(readCqlAddress)
      .optional(),
    expected: 'addresses like scylla-1:9042 separated by commas, with user:password@ before them or without',
  }),
  cqlUsername: setting({
    flag: 'cql-username',
    variable: 'CQL_USERNAME',
    value: 'NAME',
    help: 'who signs in there, with the password in the variable CQL_PASSWORD',
    schema: z.string().min(1).optional(),
    expected: 'a user name',
  }),
  cqlKeyspace: setting({
    flag: 'cql-keyspace',
    variable: 'CQL_KEYSPACE',
    value: 'NAME',
    help: 'begins the names of the keyspaces, one a service (fusioncommerce)',
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,29}$/)
      .default('fusioncommerce'),
    expected: 'up to 30 small letters, digits and underscores, a letter first',
  }),
  cqlDataCentre: setting({
    flag: 'cql-data-centre',
    variable: 'CQL_DATA_CENTRE',
    value: 'NAME',
    help: 'the near data centre of that cluster (its only one)',
    schema: z.string().min(1).optional(),
    expected: 'the name of a data centre',
  }),
  cqlReplicationFactor: setting({
    flag: 'cql-replication-factor',
    variable: 'CQL_REPLICATION_FACTOR',
    value: 'N',
    help: 'copies of each row in new keyspaces (3, or as many as there are nodes)',
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(9)).optional(),
    expected: 'a number from 1 to 9',
  }),
  cqlTls: setting({
    flag: 'cql-tls',
    variable: 'CQL_TLS',
    help: 'speak TLS to that cluster; CQL_TLS_CA names the file of a certificate authority of its own',
    schema: toggle.default(false),
    expected: 'true or false',
  }),
  kafkaPort: setting({
    flag: 'kafka-port',
    variable: 'KAFKA_PORT',
    value: 'N',
    help: 'port of the embedded broker (a free one)',
    schema: port.default(0),
    expected: 'a port number, 0 to 65535',
  }),
  s3: setting({
    flag: 's3',
    variable: 'S3_URL',
    value: 'URL',
    help: 'a bucket of an S3 server instead of a folder; made when missing. S3_TLS_CA names the file of an authority of its own',
    schema: httpUrl.optional(),
    expected: 'a URL like http://ACCESS:SECRET@host:9000/bucket',
    isSecret: true,
  }),
  s3Region: setting({
    flag: 's3-region',
    variable: 'S3_REGION',
    value: 'REGION',
    help: 'the region of that bucket (us-east-1)',
    schema: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .default('us-east-1'),
    expected: 'a region like eu-central-1',
  }),
  poolSize: setting({
    flag: 'pool-size',
    variable: 'DATABASE_POOL_SIZE',
    value: 'N',
    help: 'database connections that one service may hold at most (10)',
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(100)).default(10),
    expected: 'a number from 1 to 100',
  }),
  connections: setting({
    flag: 'connections',
    variable: 'DATABASE_CONNECTIONS',
    value: 'N',
    help: 'database connections of this process at most: two for each service, the rest for those that are busy (80)',
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(3).max(10_000)).default(80),
    expected: 'a number from 3 to 10000',
  }),
  otlp: setting({
    flag: 'otlp',
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    value: 'URL',
    help: 'where to send traces (nowhere)',
    schema: httpUrl.optional(),
    expected: 'a URL like http://localhost:4318',
  }),
  cors: setting({
    flag: 'cors',
    variable: 'CORS_ORIGINS',
    value: 'ORIGIN,…',
    help: 'web origins that may call the API from a browser (none)',
    schema: list.default([]),
    expected: 'origins like https://shop.example separated by commas',
  }),
  trustProxy: setting({
    flag: 'trust-proxy',
    variable: 'TRUST_PROXY',
    value: 'N|NETWORK,…',
    help: 'proxies in front that tell the address of visitors: how many, or their addresses and networks (none)',
    schema: list.refine(namesProxies).transform(readProxies).default([]),
    expected:
      'a number of proxies like 1, or addresses and networks like 10.0.0.0/8, loopback or uniquelocal separated by commas',
  }),
  ratePerKey: setting({
    flag: 'rate-per-key',
    variable: 'RATE_PER_KEY',
    value: 'N',
    help: 'requests a minute for one key or customer (6000)',
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1)).default(6_000),
    expected: 'a number, 1 or more',
  }),
  ratePerAddress: setting({
    flag: 'rate-per-address',
    variable: 'RATE_PER_ADDRESS',
    value: 'N',
    help: 'requests a minute for one address without key or account (1200)',
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1)).default(1_200),
    expected: 'a number, 1 or more',
  }),
  logLevel: setting({
    flag: 'log',
    variable: 'LOG_LEVEL',
    value: 'LEVEL',
    help: 'fatal, error, warn, info or debug (warn)',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug']).default('warn'),
    expected: 'one of fatal, error, warn, info, debug',
  }),
  withoutDemoData: setting({
    flag: 'without-demo-data',
    variable: 'WITHOUT_DEMO_DATA',
    help: 'start empty',
    schema: toggle.default(false),
    expected: 'true or false',
  }),
  n8nPort: setting({
    flag: 'n8n-port',
    variable: 'N8N_PORT',
    value: 'N',
    help: 'port of the n8n editor; 0 takes a free one (5678)',
    schema: port.default(5678),
    expected: 'a port number, 0 to 65535',
  }),
  withoutN8n: setting({
    flag: 'without-n8n',
    variable: 'WITHOUT_N8N',
    help: 'no editor and no journeys: nobody confirms orders by itself',
    schema: toggle.default(false),
    expected: 'true or false',
  }),
};

type Settings = typeof settings;
export type Options = { [Name in keyof Settings]: z.output<Settings[Name]['schema']> };

export class WrongSetting extends Error {}

/** The platform's configuration from flags and environment; throws WrongSetting naming the setting, what it holds and what it should hold. */
export const readOptions = (
  argv: readonly string[],
  environment: Record<string, string | undefined>,
): Options | 'help' => {
  const flags = parseFlags(argv);
  if (flags['help']) return 'help';
  return Object.fromEntries(
    Object.entries(settings).map(([name, declared]) => {
      const fromFlag = flags[declared.flag];
      const raw = fromFlag === undefined ? environment[declared.variable] : String(fromFlag);
      const parsed = declared.schema.safeParse(raw === '' ? undefined : raw);
      if (parsed.success) return [name, parsed.data];
      const where = fromFlag === undefined ? `The environment variable ${declared.variable}` : `--${declared.flag}`;
      const held = declared.isSecret ? 'something else' : `"${raw ?? ''}"`;
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
          Object.values(settings).map(({ flag, value }) => [
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
    ...Object.values(settings).map(
      ({ flag, value, help, variable }) =>
        `  ${`--${flag}${value ? ` ${value}` : ''}`.padEnd(32)} ${help}  [${variable}]`,
    ),
    `  ${'--help'.padEnd(32)} this text`,
    '',
    'A subset takes its keys from the data folder, or from ADMIN_KEY, SERVICE_KEY, OBJECT_SIGNING_KEY, TOKEN_PRIVATE_KEY and TOKEN_PUBLIC_KEY.',
  ].join('\n');
