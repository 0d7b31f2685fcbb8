#!/usr/bin/env node
import { DatabaseStartError } from '../../microservices/chassis/database/start-error.ts';
import { KafkaStartError } from '../../microservices/chassis/kafka/start-error.ts';
import { MissingTopics } from '../../microservices/chassis/kafka/topics.ts';
import { CqlStartError } from '../../microservices/ports/key-value/cql.ts';
import { MissingMigrations } from '../platform/migrations.ts';
import { WrongSetting } from '../platform/options.ts';
import { terminalProgress } from '../process/progress.ts';
import { HELP, readArguments } from './arguments.ts';
import { check, migrate, serve, topics, type Call } from './commands.ts';
import { withSecretsFromFiles } from './secret-files.ts';

const main = async (): Promise<void> => {
  const environment = await withSecretsFromFiles(process.env);
  const read = readArguments(process.argv.slice(2), environment);
  if (read === 'help') return console.log(HELP);
  // Whatever is written from here on is our user's alone.
  process.umask(0o077);
  await run({ ...read, environment, progress: terminalProgress() });
};

const run = async (call: Call): Promise<void> => {
  if (call.command === 'serve') return serve(call);
  if (call.command === 'migrate') return migrate(call);
  if (call.command === 'topics') return topics(call);
  if (!(await check(call))) process.exitCode = 1;
};

/** Failures whose message is for the person who starts. */
const IN_WORDS = [WrongSetting, CqlStartError, KafkaStartError, DatabaseStartError, MissingTopics, MissingMigrations];

main().catch((error: unknown) => {
  const inWords = IN_WORDS.some((kind) => error instanceof kind);
  console.error(inWords && error instanceof Error ? error.message : error);
  process.exit(error instanceof WrongSetting ? 2 : 1);
});
