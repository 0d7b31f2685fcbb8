import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from '../chassis/database/index.ts';
import { newId } from '../chassis/ids.ts';
import { createTestDatabase, type TestDatabase } from '../chassis/testing/database.ts';
import { insertNotification } from './store/notifications.ts';
import { BUCKETS } from './store/queue.ts';
import { startMailServer, type MailServer } from './testing/mail-server.ts';

let own: TestDatabase;
let database: Database;
let server: MailServer;

beforeAll(async () => {
  own = await createTestDatabase();
  database = own.open('notifications');
  await database.migrate(new URL('./migrations/', import.meta.url));
  server = await startMailServer();
});
afterAll(async () => {
  await server.close();
  await own.drop();
});

const KILLS = 6;

const queue = async (count: number): Promise<string[]> => {
  const ids = Array.from({ length: count }, () => newId('ntf'));
  for (const [index, id] of ids.entries()) {
    await insertNotification(database, {
      id,
      channel: 'email',
      purpose: 'transactional',
      template: 'order-confirmation',
      template_version: 1,
      locale: 'en',
      customer_id: null,
      recipient: `${id}@example.org`,
      subject: 'Your order',
      body: 'Thank you',
      html: null,
      confidential: false,
      about: null,
      dedupe_key: null,
      bucket: index % BUCKETS,
      send_after: new Date().toISOString(),
      created_at: new Date().toISOString(),
    });
  }
  return ids;
};

/**
 * A sender in a process of its own; the clock of each is four minutes ahead of the one before, so that claims of the
 * dead have run out.
 */
let generation = 0;
const startSender = (later = 240_000 * (generation += 1)): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL('./testing/deliver-process.ts', import.meta.url))], {
    env: {
      ...process.env,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      DATABASE_URL: own.url,
      SMTP_URL: server.url,
      LATER_MS: String(later),
    },
    stdio: 'inherit',
  });
const kill = async (sender: ChildProcess): Promise<void> => {
  sender.kill('SIGKILL');
  if (sender.exitCode === null && sender.signalCode === null) await once(sender, 'exit');
};

const unsent = async (): Promise<number> =>
  (await database.one<{ waiting: number }>(`SELECT count(*) AS waiting FROM notification WHERE state <> 'sent'`))
    .waiting;
const sentEvents = async (): Promise<Map<string, number>> =>
  new Map(
    (
      await database.rows<{ aggregateid: string; times: number }>(
        `SELECT aggregateid, count(*) AS times FROM outbox WHERE type = 'notification.sent' GROUP BY aggregateid`,
      )
    ).map(({ aggregateid, times }) => [aggregateid, times]),
  );
const messageIds = (id: string): string[] =>
  server.received.filter(({ to }) => to?.[0]?.address === `${id}@example.org`).map(({ messageId }) => messageId ?? '');

describe('kill -9', () => {
  test('between the mail server’s yes and our note: sent again under the same Message-ID, recorded once', async () => {
    const [id = ''] = await queue(1);
    const doomed = startSender();
    // The server has the whole message; its yes finds nobody.
    server.onMessage = () => kill(doomed);
    if (doomed.signalCode === null) await once(doomed, 'exit');
    expect(doomed.signalCode).toBe('SIGKILL');
    expect(await unsent()).toBe(1);
    server.onMessage = async () => undefined;
    const next = startSender();
    while ((await unsent()) > 0) await sleep(20);
    await kill(next);
    expect(messageIds(id)).toEqual([`<${id}@localhost>`, `<${id}@localhost>`]);
    expect((await sentEvents()).get(id)).toBe(1);
  });

  test('at random instants while messages go out: none is lost, each is recorded once, repeats carry the same Message-ID', async () => {
    const ids = await queue(60);
    // Slow enough that kills fall between messages, while they travel, and while they are recorded.
    server.onMessage = () => sleep(15);
    for (let kills = 0; kills < KILLS; kills += 1) {
      const sender = startSender();
      const before = server.received.length;
      while (server.received.length < before + 5 && (await unsent()) > 0) await sleep(5);
      await sleep(Math.random() * 60);
      await kill(sender);
    }
    const last = startSender();
    while ((await unsent()) > 0) await sleep(20);
    await kill(last);
    const events = await sentEvents();
    for (const id of ids) {
      expect(messageIds(id).length).toBeGreaterThan(0);
      expect(new Set(messageIds(id))).toEqual(new Set([`<${id}@localhost>`]));
      expect(events.get(id)).toBe(1);
    }
  });

  test('two senders at once send nothing twice', async () => {
    const ids = await queue(60);
    server.onMessage = async () => undefined;
    const later = 240_000 * (generation += 1);
    const senders = [startSender(later), startSender(later)];
    while ((await unsent()) > 0) await sleep(20);
    await Promise.all(senders.map(kill));
    for (const id of ids) expect(messageIds(id)).toHaveLength(1);
  });
});
