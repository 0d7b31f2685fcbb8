/** `prepare.ts n8n|engines`: installs what is long to install, while tests run that do not need it. */
import { cql } from '../engines/cql/index.ts';
import { druid } from '../engines/druid/index.ts';
import { kafka } from '../engines/kafka/index.ts';
import { testedServers } from '../engines/s3/testing.ts';
import { installN8n } from '../n8n/install.ts';
import { terminalProgress } from '../process/progress.ts';

const progress = terminalProgress();
if (process.argv[2] === 'n8n') await installN8n(progress);
else for (const engine of [kafka, cql, druid, ...testedServers]) await engine.install(progress);
