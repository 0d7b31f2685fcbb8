import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Caller } from '../auth/caller.ts';
import { anonymous } from '../auth/caller.ts';
import { unauthenticated, type Authenticate } from '../auth/authenticate.ts';
import type { Database } from '../database/index.ts';
import { createExecutor } from '../http/execute.ts';
import { command } from '../http/command.ts';
import type { HandlersOf } from '../http/handlers.ts';
import { serveContract } from '../http/serve-contract.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../telemetry/log.ts';
import { silentLog } from './log.ts';
import type { Transaction } from '../transaction.ts';
import { widgetsContract } from './widgets.ts';

export type WidgetHandlers = HandlersOf<typeof widgetsContract>;

export interface ServedWidgets {
  url: string;
  /** Operation and status of every answer. */
  answered: [string, number][];
  stop: () => Promise<void>;
}

/**
 * Makes a widget: one row and one event. Its table is `CREATE TABLE widget (id text PRIMARY KEY, name text, count
 * int)`.
 */
export const insertWidget = async (
  tx: Transaction<typeof widgetsContract>,
  { name, count }: { name: string; count: number },
) => {
  const made = { id: newId('wid'), name, count };
  await tx.run('INSERT INTO widget (id, name, count) VALUES ($1, $2, $3)', [made.id, name, count]);
  tx.append('widget.made', made.id, { name });
  return made;
};

const widgetHandlers = (database: Database): WidgetHandlers => ({
  makeWidget: command(insertWidget),
  getWidget: async ({ widgetId }, { errors }) => {
    const found = await database.maybeOne<{ id: string; name: string; count: number }>(
      'SELECT * FROM widget WHERE id = $1',
      [widgetId],
    );
    if (!found) throw errors.WIDGET_NOT_FOUND(`There is no widget ${widgetId}.`);
    return found;
  },
  listWidgets: async (input) => ({ items: [], nextCursor: null, asked: input }),
  breakWidget: command(async () => {
    throw new Error('SELECT secret FROM vault: permission denied');
  }),
  importWidgets: command({
    prepare: async (_input, { body }) => {
      let bytes = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) bytes += chunk.length;
      return bytes;
    },
    commit: async (_tx, _input, _request, bytes) => ({ bytes }),
  }),
});

/** Knows three keys; everything else is refused. */
export const authenticateWidgets: Authenticate = async (authorization) => {
  if (!authorization) return anonymous;
  const caller = KEYS[authorization.replace('Bearer ', '')];
  if (!caller) throw unauthenticated('Unknown key.');
  return caller;
};

export const executeWidgets = (database: Database, handlers: Partial<WidgetHandlers> = {}) =>
  createExecutor({
    contract: widgetsContract,
    database,
    handlers: { ...widgetHandlers(database), ...handlers },
    onCommit: () => undefined,
  });

const KEYS: Record<string, Caller> = {
  fc_admin: { kind: 'key', id: 'admin', scopes: ['*'] },
  fc_other: { kind: 'key', id: 'other', scopes: ['*'] },
  fc_reader: { kind: 'key', id: 'reader', scopes: ['widgets:read'] },
};

/** Serves the widgets contract on a port of its own. */
export const serveWidgets = async (options: {
  database: Database;
  handlers?: Partial<WidgetHandlers>;
  log?: Logger;
  bodyLimit?: number;
}): Promise<ServedWidgets> => {
  const answered: [string, number][] = [];
  const app = express().disable('x-powered-by');
  app.use(
    serveContract({
      contract: widgetsContract,
      authenticate: authenticateWidgets,
      execute: executeWidgets(options.database, options.handlers),
      log: options.log ?? silentLog,
      bodyLimit: options.bodyLimit ?? 10_000,
      observe: (operation, status) => answered.push([operation, status]),
    }),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
