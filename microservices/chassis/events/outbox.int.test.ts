import { runInContext } from '../context.ts';
import { apartFromTransaction } from '../database/holding.ts';
import type { Database } from '../database/index.ts';
import { createTestDatabase, openChassisDatabase, type TestDatabase } from '../testing/database.ts';
import { widgetsContract } from '../testing/widgets.ts';
import { commitWith } from '../transaction.ts';
import { newUuid } from '../ids.ts';
import { flushOutbox, type PendingEvent } from './outbox.ts';

let own: TestDatabase;
let database: Database;
beforeAll(async () => {
  own = await createTestDatabase();
  database = await openChassisDatabase(own);
});
afterAll(() => own.drop());
beforeEach(async () => {
  await database.run('TRUNCATE outbox, event_sequence, idempotency, audit_log');
});

interface Row {
  aggregateid: string;
  sequence: number;
  type: string;
  payload: { name?: string };
}
const outbox = () => database.rows<Row>('SELECT aggregateid, sequence, type, payload FROM outbox ORDER BY position');
const made = (aggregateId: string, name = 'x'): PendingEvent => ({
  id: newUuid(),
  type: 'widget.made',
  aggregate: 'widget',
  aggregateId,
  payload: { name },
});
const flush = (events: readonly PendingEvent[]) => database.transaction((tx) => flushOutbox(tx, events));

describe('appended events', () => {
  test('commit with the work, in the order they were appended, numbered per aggregate', async () => {
    await commitWith(database, widgetsContract, async (tx) => {
      tx.append('widget.made', 'a', { name: '1' });
      tx.append('widget.made', 'b', { name: '2' });
      tx.append('widget.broken', 'a', {});
    });
    await flush([made('a', '4')]);
    expect(await outbox()).toEqual([
      { aggregateid: 'a', sequence: 1, type: 'widget.made', payload: { name: '1' } },
      { aggregateid: 'b', sequence: 1, type: 'widget.made', payload: { name: '2' } },
      { aggregateid: 'a', sequence: 2, type: 'widget.broken', payload: {} },
      { aggregateid: 'a', sequence: 3, type: 'widget.made', payload: { name: '4' } },
    ]);
  });

  test('are undone with the work, and leave no gap', async () => {
    await flush([made('a')]);
    const failing = commitWith(database, widgetsContract, async (tx) => {
      tx.append('widget.made', 'a', { name: 'never' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(
      database.transaction(async (tx) => {
        await flushOutbox(tx, [made('a')]);
        throw new Error('after the flush');
      }),
    ).rejects.toThrow('after the flush');
    await flush([made('a')]);
    expect((await outbox()).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  test('have no gap and no double per aggregate when many transactions append at once', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    // Every transaction writes to several aggregates, in another order each time: no deadlock, whichever meet.
    const some = (i: number) =>
      ids.toSorted((x, y) => ((x.charCodeAt(0) * 7 + i * 13) % 5) - ((y.charCodeAt(0) * 7 + i * 13) % 5)).slice(i % 3);
    const work = Array.from({ length: 60 }, (_, i) => some(i));
    await Promise.all(work.map((chosen, i) => flush(chosen.flatMap((id) => [made(id, `${i}`), made(id, `${i}+`)]))));

    const rows = await outbox();
    for (const id of ids) {
      const expected = work.filter((chosen) => chosen.includes(id)).length * 2;
      const sequences = rows.filter((row) => row.aggregateid === id).map(({ sequence }) => sequence);
      expect(sequences.toSorted((x, y) => x - y)).toEqual(Array.from({ length: expected }, (_, i) => i + 1));
      // The two of one transaction follow each other.
      const names = rows
        .filter((row) => row.aggregateid === id)
        .toSorted((x, y) => x.sequence - y.sequence)
        .map(({ payload }) => payload.name ?? '');
      for (let i = 0; i < names.length; i += 2) expect(names[i + 1]).toBe(`${names[i]}+`);
    }
  });

  test('become visible in the order of their sequence', async () => {
    let sawFirst = false;
    const first = database.transaction(async (tx) => {
      await flushOutbox(tx, [made('a', 'first')]);
      const second = apartFromTransaction(() => flush([made('a', 'second')])).then(() => expect(sawFirst).toBe(true));
      await tx.one('SELECT pg_sleep(0.1)');
      expect(await apartFromTransaction(outbox)).toEqual([]);
      sawFirst = true;
      return { second };
    });
    await (
      await first
    ).second;
    expect((await outbox()).map(({ payload, sequence }) => [payload.name, sequence])).toEqual([
      ['first', 1],
      ['second', 2],
    ]);
  });

  test('carry the story they belong to', async () => {
    await runInContext({ correlationId: 'story', causationId: 'cause' }, () => flush([made('a')]));
    expect(await database.one('SELECT correlationid, causationid, aggregatetype FROM outbox')).toEqual({
      correlationid: 'story',
      causationid: 'cause',
      aggregatetype: 'widget',
    });
  });

  test('keep any payload that JSON text can hold', async () => {
    const payload = {
      text: `quote ' " \\ $1 é 𝄞 \n`,
      number: 1.5,
      big: Number.MAX_SAFE_INTEGER,
      none: null,
      deep: [[{ a: [] }]],
    };
    await flush([{ ...made('a'), payload }]);
    expect((await outbox())[0]?.payload).toEqual(payload);
  });

  test('that the contract does not know, or whose payload breaks it, fail the transaction', async () => {
    const wrongName = commitWith(database, widgetsContract, async (tx) =>
      tx.append('widget.lost' as 'widget.made', 'a', { name: 'x' }),
    );
    await expect(wrongName).rejects.toThrow('The contract of widgets declares no event widget.lost');
    const wrongPayload = commitWith(database, widgetsContract, async (tx) =>
      tx.append('widget.made', 'a', { name: 1 } as unknown as { name: string }),
    );
    await expect(wrongPayload).rejects.toThrow('this has to be text, not 1');
    expect(await outbox()).toEqual([]);
  });

  test('too large for a Kafka broker fail the transaction, not the relay', async () => {
    await expect(flush([made('a'), made('big', 'x'.repeat(600_000))])).rejects.toThrow('widget.made of big has 600');
    await flush([made('a', 'x'.repeat(300_000)), made('b', 'x'.repeat(300_000))]);
    expect(await outbox()).toHaveLength(2);
  });
});

describe('the flush', () => {
  test('writes events, the answer to the key and the audit line in one statement', async () => {
    const statements: string[] = [];
    await database.run(`INSERT INTO idempotency (caller, key, fingerprint) VALUES ('key:me', 'k', 'f')`);
    await database.transaction(async (tx) => {
      const counting = {
        ...tx,
        run: (text: string, values?: readonly unknown[]) => (statements.push(text), tx.run(text, values as [])),
      };
      await flushOutbox(counting, [made('a')], {
        answer: { caller: 'key:me', key: 'k', answer: { output: { id: 1 } } },
        audit: { operation: 'widgets.makeWidget', caller: 'key:me', address: '127.0.0.1', details: { name: 'Me' } },
      });
    });
    expect(statements).toHaveLength(1);
    expect(await outbox()).toHaveLength(1);
    expect(await database.one(`SELECT answer FROM idempotency`)).toEqual({ answer: { output: { id: 1 } } });
    expect(await database.one('SELECT operation, caller, address, details FROM audit_log')).toEqual({
      operation: 'widgets.makeWidget',
      caller: 'key:me',
      address: '127.0.0.1',
      details: { name: 'Me' },
    });
  });

  test('writes the answer and the audit line without events too, and nothing for nothing', async () => {
    await database.run(
      `INSERT INTO idempotency (caller, key, fingerprint) VALUES ('key:me', 'k', 'f'), ('key:other', 'k', 'f')`,
    );
    await database.transaction((tx) =>
      flushOutbox(tx, [], {
        answer: { caller: 'key:me', key: 'k', answer: { output: null } },
        audit: { operation: 'o', caller: 'c', address: undefined, details: {} },
      }),
    );
    await flush([]);
    expect(await database.rows('SELECT caller, answer FROM idempotency ORDER BY caller')).toEqual([
      { caller: 'key:me', answer: { output: null } },
      { caller: 'key:other', answer: null },
    ]);
    expect(await database.rows('SELECT operation FROM audit_log')).toHaveLength(1);
    expect(await outbox()).toEqual([]);
  });

  test('keeps what jsonb refuses (NUL, half a surrogate pair) as the replacement character', async () => {
    await database.run(`INSERT INTO idempotency (caller, key, fingerprint) VALUES ('c', 'k', 'f')`);
    const answer = { output: { text: '\u0000 \ud800 é', list: [1, 'x'] } };
    await database.transaction((tx) => flushOutbox(tx, [], { answer: { caller: 'c', key: 'k', answer } }));
    expect(await database.one('SELECT answer FROM idempotency')).toEqual({
      answer: { output: { text: '\ufffd \ufffd é', list: [1, 'x'] } },
    });
    await flush([made('a', 'a\u0000')]);
    expect((await outbox())[0]?.payload.name).toBe('a\ufffd');
  });
});
