import pg from 'pg';

/** A statement as pg sends it: prepared once per connection under its name. */
export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

export type Result = Pick<pg.QueryResult, 'rows' | 'rowCount'>;

const BEGIN: Statement = { name: 'begin', text: 'BEGIN', values: [] };
/** For each connection, the names of statements that it has prepared and that may leave ahead of another. */
const prepared = new WeakMap<pg.ClientBase, Set<string>>();

/** A statement without rows that leaves ahead of a transaction's first one. */
export interface Ahead {
  statement: Statement;
  /** Called with the number of rows that it touched, as soon as that is known. */
  onDone: (touched: number) => void;
}

/**
 * Begins a transaction with its first statement, and what goes ahead of it, in one round trip. They stand before the
 * same Sync (PostgreSQL documentation, "Pipelining"), so that the server passes over the rest should one fail: nothing
 * can run outside the transaction. A connection prepares what goes ahead by itself the first time, because pg takes any
 * ParseComplete for that of its current query.
 */
export const beginWith = async (client: pg.ClientBase, statement: Statement, ahead?: Ahead): Promise<Result> => {
  const first = ahead ? [BEGIN, ahead.statement] : [BEGIN];
  const known = prepared.get(client) ?? new Set();
  if (!first.every(({ name }) => known.has(name))) {
    await beginAlone(client, ahead);
    prepared.set(client, new Set([...known, ...first.map(({ name }) => name)]));
    return client.query(statement);
  }
  const around = (connection: pg.Connection): (() => void) => {
    connection.stream.cork();
    for (const { name, values } of first) {
      connection.bind({ statement: name, values: values as string[] }, true);
      connection.execute(null, true);
    }
    return () => connection.stream.uncork();
  };
  return submit(client, statement, around, (completed, touched) => {
    if (completed === 2) ahead?.onDone(touched);
  });
};

/** Begins a transaction with what goes ahead of its first statement, which is still to come. */
export const beginAlone = async (client: pg.ClientBase, ahead?: Ahead): Promise<void> => {
  await client.query(BEGIN);
  if (ahead) ahead.onDone((await client.query(ahead.statement)).rowCount ?? 0);
};

/**
 * Sends a statement; whatever else is sent in the same tick (the COMMIT after it) leaves in the same write, which wakes
 * the server once.
 */
export const sendTogether = (client: pg.ClientBase, statement: Statement): Promise<Result> =>
  submit(client, statement, (connection) => {
    connection.stream.cork();
    return () => process.nextTick(() => connection.stream.uncork());
  });

/**
 * `around` runs when pg is about to write the statement, and the function that it returns right after. `onComplete`
 * hears of each completed statement.
 */
const submit = (
  client: pg.ClientBase,
  statement: Statement,
  around: (connection: pg.Connection) => () => void,
  onComplete?: (completed: number, touched: number) => void,
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
    if (onComplete) listen(query as unknown as Completing, onComplete);
    client.query(query);
  });

/** The part of pg's Query that its types leave out. */
interface Completing {
  handleCommandComplete(message: { text: string }, connection: pg.Connection): void;
}

/** CommandComplete says "INSERT 0 1" (PostgreSQL documentation, "Message Formats"). */
const listen = (query: Completing, onComplete: (completed: number, touched: number) => void): void => {
  let completed = 0;
  const handle = query.handleCommandComplete.bind(query);
  query.handleCommandComplete = (message, connection) => {
    completed += 1;
    onComplete(completed, Number(message.text.split(' ').at(-1)));
    handle(message, connection);
  };
};
