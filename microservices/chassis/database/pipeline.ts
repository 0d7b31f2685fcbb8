import pg from 'pg';

/** A statement as pg sends it: prepared once per connection under its name. */
export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

export type Result = Pick<pg.QueryResult, 'rows' | 'rowCount'>;

const BEGIN = { name: 'begin', text: 'BEGIN' };
const knowsBegin = new WeakSet<pg.ClientBase>();

/**
 * Begins a transaction with its first statement in one round trip. Both stand before the same Sync (PostgreSQL documentation, "Pipelining"), so that the
 * server passes over the statement should BEGIN fail: it can never run outside the transaction. A connection's first transaction
 * prepares BEGIN by itself, because pg takes any ParseComplete for that of its current query.
 */
export const beginWith = async (client: pg.ClientBase, statement: Statement): Promise<Result> => {
  if (!knowsBegin.has(client)) {
    await client.query(BEGIN);
    knowsBegin.add(client);
    return client.query(statement);
  }
  return submit(client, statement, (connection) => {
    connection.stream.cork();
    connection.bind({ statement: BEGIN.name }, true);
    connection.execute(null, true);
    return () => connection.stream.uncork();
  });
};

/** Sends a statement; whatever else is sent in the same tick (the COMMIT after it) leaves in the same write, which wakes the server once. */
export const sendTogether = (client: pg.ClientBase, statement: Statement): Promise<Result> =>
  submit(client, statement, (connection) => {
    connection.stream.cork();
    return () => process.nextTick(() => connection.stream.uncork());
  });

/** `around` runs when pg is about to write the statement; what it answers, right after. */
const submit = (
  client: pg.ClientBase,
  statement: Statement,
  around: (connection: pg.Connection) => () => void,
): Promise<Result> =>
  new Promise((resolve, reject) => {
    const query = new pg.Query(statement, (error, result: Result | Result[]) => {
      if (error) {
        // Made where the socket was read: from here its stack leads to who asked.
        Error.captureStackTrace(error);
        reject(error);
      } else {
        // BEGIN's result stands before the statement's.
        resolve((Array.isArray(result) ? result.at(-1) : result) ?? { rows: [], rowCount: null });
      }
    });
    const write = query.submit.bind(query);
    query.submit = (connection) => {
      const after = around(connection);
      try {
        return write(connection);
      } finally {
        after();
      }
    };
    client.query(query);
  });
