import type { Database } from './database/index.ts';
import { startJobs, type Job, type RunningJobs } from './jobs.ts';
import { releaseLease, takeLease } from './lease.ts';
import { createTestDatabase, openChassisDatabase, type TestDatabase } from './testing/database.ts';
import { recordingLog, silentLog } from './testing/log.ts';
import { until } from './testing/until.ts';

let own: TestDatabase;
let database: Database;
beforeAll(async () => {
  own = await createTestDatabase();
  database = await openChassisDatabase(own);
});
afterAll(() => own.drop());
beforeEach(() => database.run('TRUNCATE lease'));

describe('a lease', () => {
  test('belongs to one holder, who may renew it, until it is given back', async () => {
    expect(await takeLease(database, 'x', 'a', 60_000)).toBe(true);
    expect(await takeLease(database, 'x', 'b', 60_000)).toBe(false);
    expect(await takeLease(database, 'x', 'a', 60_000)).toBe(true);
    await releaseLease(database, 'x', 'b');
    expect(await takeLease(database, 'x', 'b', 60_000)).toBe(false);
    await releaseLease(database, 'x', 'a');
    expect(await takeLease(database, 'x', 'b', 60_000)).toBe(true);
  });

  test('that ran out can be taken, and of many who ask at once one gets it', async () => {
    await takeLease(database, 'x', 'dead', 0);
    const taken = await Promise.all(Array.from({ length: 20 }, (_, i) => takeLease(database, 'x', `h${i}`, 60_000)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });
});

describe('jobs', () => {
  let running: RunningJobs[] = [];
  /** Jobs as in a process of its own. */
  const startJobsOf = (jobs: Job[], log = silentLog): RunningJobs => {
    const added = startJobs({ database }).add({ database, jobs, log });
    running.push(added);
    return added;
  };
  afterEach(async () => {
    await Promise.all(running.map((jobs) => jobs.stop()));
    running = [];
  });

  test('run in one process at a time, and in the other once the first stopped', async () => {
    const runs = [0, 0];
    const start = (which: 0 | 1) => {
      return startJobsOf([{ name: 'tick', everyMs: 20, run: async () => void (runs[which] = (runs[which] ?? 0) + 1) }]);
    };
    const first = start(0);
    await until(() => (runs[0] ?? 0) > 0);
    start(1);
    await until(() => (runs[0] ?? 0) > 5);
    expect(runs[1]).toBe(0);
    await first.stop();
    const stoppedAt = runs[0];
    await until(() => (runs[1] ?? 0) > 2);
    expect(runs[0]).toBe(stoppedAt);
  });

  test('run again at once while there is more to do', async () => {
    let left = 10;
    startJobsOf([{ name: 'drain', everyMs: 3_600_000, run: async () => --left > 0 }]);
    await until(() => left === 0);
  });

  test('that fail are logged and tried again, and do not disturb the others', async () => {
    const { log, lines } = recordingLog();
    let failures = 0;
    let fine = 0;
    startJobsOf(
      [
        { name: 'bad', everyMs: 10, run: () => (failures++, Promise.reject(new Error('no luck'))) },
        { name: 'good', everyMs: 10, run: async () => void fine++ },
      ],
      log,
    );
    await until(() => failures > 2 && fine > 2);
    expect(lines[0]).toMatchObject({
      job: 'bad',
      msg: 'a job failed and will be tried again',
      err: { message: 'no luck' },
    });
  });

  test('stopping waits for the run in flight and gives the lease back', async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let finished = false;
    const jobs = startJobsOf([
      {
        name: 'slow',
        everyMs: 10,
        run: async () => {
          begin();
          await database.one('SELECT pg_sleep(0.1)');
          finished = true;
        },
      },
    ]);
    await begun;
    await jobs.stop();
    expect(finished).toBe(true);
    expect(await database.rows('SELECT * FROM lease')).toEqual([]);
  });

  test('of several schemas have their leases taken in one statement, and one schema that is broken stops no other', async () => {
    const [other, broken] = [await openChassisDatabase(own, 'other'), await openChassisDatabase(own, 'broken')];
    await broken.run('DROP TABLE lease');
    const { log, lines } = recordingLog();
    const counts = { widgets: 0, other: 0, broken: 0 };
    const statements: string[] = [];
    const loop = startJobs({
      database: { ...database, rows: (text, values) => (statements.push(text), database.rows(text, values)) },
    });
    for (const [name, each] of Object.entries({ widgets: database, other, broken })) {
      const job = { name: 'count', everyMs: 20, run: async () => void counts[name as keyof typeof counts]++ };
      running.push(loop.add({ database: each, jobs: [job], log }));
    }
    await until(() => counts.widgets > 3 && counts.other > 3 && lines.length > 0);
    expect(counts.broken).toBe(0);
    expect(lines[0]).toMatchObject({ job: 'count', err: { message: expect.stringContaining('lease') as string } });
    expect(statements[0]).toMatch(/broken\.lease[^]*other\.lease[^]*widgets\.lease/);
  });

  test('at rest write their leases when half of their time is gone, not at every run', async () => {
    let runs = 0;
    startJobsOf([{ name: 'often', everyMs: 10, run: async () => void runs++ }]);
    await until(() => runs > 0);
    const [before] = await database.rows('SELECT expires_at FROM lease');
    await until(() => runs > 10);
    expect(await database.rows('SELECT expires_at FROM lease')).toEqual([before]);
  });
});
