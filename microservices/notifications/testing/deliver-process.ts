/**
 * Sends what is due, again and again, in a process of its own that a test kills at any instant. Environment:
 * DATABASE_URL, SMTP_URL, LATER_MS (how far its clock is ahead, so that claims of the dead have run out).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../chassis/database/index.ts';
import { readSettings } from '../../chassis/settings/index.ts';
import { silentLog } from '../../chassis/testing/log.ts';
import { commitWith } from '../../chassis/transaction.ts';
import type { Context } from '../context.ts';
import { notificationsContract } from '../contract.ts';
import { deliverDue } from '../jobs/deliver.ts';
import { mailServersOf, settings as declared } from '../settings.ts';

const { DATABASE_URL = '', LATER_MS = '0' } = process.env;
const database = openDatabase({ url: DATABASE_URL, schema: 'notifications' });
const settings = readSettings(declared, process.env);
const unused = (): never => {
  throw new Error('Sending transactional e-mail needs the database and the clock only');
};
const context: Context = {
  contract: notificationsContract,
  settings,
  mailServers: mailServersOf(settings),
  openKeyValue: unused,
  contracts: [],
  database,
  commit: (work) => commitWith(database, notificationsContract, work),
  client: unused,
  pageKey: unused,
  get writers() {
    return unused();
  },
  get objectStore() {
    return unused();
  },
  get streams() {
    return unused();
  },
  now: () => new Date(Date.now() + Number(LATER_MS)),
  log: silentLog,
};
const run = deliverDue(context);
for (;;) {
  if (!(await run())) await sleep(20);
}
