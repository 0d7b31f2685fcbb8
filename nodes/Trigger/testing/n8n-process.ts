// A process of its own that stands for n8n: activates one trigger and says on standard output what it starts and ends.
//   node n8n-process.ts '{"address":"…","workflowId":"…","parameters":{…},"workMs":20}'
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionOf } from '../connection.ts';
import { startLive } from '../live.ts';
import { settingsOf } from '../settings.ts';
import { createExecutions } from './executions.ts';

export interface ProcessOptions {
  address: string;
  workflowId: string;
  parameters: object;
  /** How long each journey takes. */
  workMs: number;
}

const say = (word: string, text: string): void => void process.stdout.write(`${word} ${text}\n`);
const silent = { warn: () => undefined, error: () => undefined };

const options = JSON.parse(process.argv[2] ?? '{}') as ProcessOptions;
const parameters: Record<string, unknown> = { ...options.parameters };
const executions = createExecutions(async (item, { key }) => {
  say('start', key);
  await sleep(options.workMs);
  say('end', `${item.subject} ${item.sequence}`);
  return 'success';
});
const live = await startLive(
  connectionOf({ brokers: options.address, clientId: 'test', ssl: false, saslMechanism: 'none' }, silent),
  settingsOf((name, fallback) => parameters[name] ?? fallback),
  {
    workflowId: options.workflowId,
    nodeId: 'node-1',
    workflowName: 'Test',
    nodeName: 'When an event happens',
    emit: executions.start,
    bury: (_item, { message }) => say('report', message),
    report: (message) => say('report', message),
    fail: (error) => say('fail', String(error)),
    log: () => undefined,
  },
);
say('active', options.workflowId);
process.on('SIGTERM', () => void live.close().then(() => process.exit(0)));
