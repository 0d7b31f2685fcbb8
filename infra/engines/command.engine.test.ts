import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import type { Kept } from './state.ts';

const until = untilWithin(240_000);

jest.setTimeout(180_000);

const file = fileURLToPath(new URL('main.ts', import.meta.url));
let data: string;

/** Runs `npm run engines --` with these words; returns what it printed, and its exit code. */
const engines = (...words: string[]): Promise<{ code: number; printed: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [file, ...words, '--data', data], (_error, output, errors) =>
      resolve({ code: child.exitCode ?? -1, printed: output + errors }),
    );
  });
const kept = async (name = 'sql'): Promise<Kept> =>
  JSON.parse(await readFile(join(data, name, 'running.json'), 'utf8')) as Kept;

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const answer = async <Row extends object>(url: string, statement: string): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url });
  // A server that is ended meanwhile says so beside the answer, too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
};

/** The processes, guards left out, that have this folder in their arguments. */
const programsOn = async (folder: string): Promise<{ pid: number; command: string }[]> => {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const programs = await Promise.all(
    numbers.map(async (pid) => ({
      pid: Number(pid),
      command: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    })),
  );
  return programs.filter(({ command }) => command.includes(folder) && !command.startsWith('/bin/sh'));
};

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'fusioncommerce-command-'));
});
afterEach(async () => {
  await engines('down');
  await rm(data, { recursive: true, force: true });
});

test('an engine goes on after "up" has ended, until "down", and finds its data again', async () => {
  const first = await engines('up', 'sql');
  expect(first).toMatchObject({
    code: 0,
    printed: expect.stringContaining("npm start -- --database-url 'postgres://"),
  });
  const { url, keeper } = await kept();
  await answer(url, "CREATE TABLE note AS SELECT 'kept' AS text");

  expect((await engines('up', 'sql')).printed).toContain(`runs already at ${url}`);
  expect((await kept()).keeper).toBe(keeper);
  const { printed } = await engines('status');
  expect(printed).toMatch(new RegExp(`sql +PostgreSQL 15 .*answers, process ${keeper}, [1-9]\\d* MB`));
  expect(printed).toMatch(/kafka +Apache Kafka 4\.1\.2 +does not run/);

  expect(await engines('down', 'sql')).toMatchObject({ code: 0, printed: expect.stringContaining('ended') });
  await expect(answer(url, 'SELECT 1')).rejects.toThrow();
  expect((await engines('down')).printed).toContain('None of them runs.');

  await engines('up', 'sql');
  expect(await answer((await kept()).url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
});

test('when the keeper is killed, then the engine ends, and the next "up" starts it anew', async () => {
  await engines('up', 'sql');
  const { url, keeper } = await kept();
  process.kill(keeper, 'SIGKILL');
  await until(() =>
    answer(url, 'SELECT 1').then(
      () => false,
      () => true,
    ),
  );
  expect((await engines('status', 'sql')).printed).toContain('does not run');
  expect((await engines('up', 'sql')).code).toBe(0);
  expect((await kept()).keeper).not.toBe(keeper);
});

test('when the engine is killed, its keeper ends too, and "status" says how it died until the next "up"', async () => {
  await engines('up', 'sql');
  const { url, keeper } = await kept();
  const [{ pid = 0 } = {}] = await answer<{ pid: number }>(
    url,
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid`,
  );
  await answer(url, "CREATE TABLE note AS SELECT 'kept' AS text");
  process.kill(pid, 'SIGKILL');
  await until(() => !isRunning(keeper));

  const { printed } = await engines('status', 'sql');
  expect(printed).toMatch(
    /sql +PostgreSQL 15 +died at \d{4}-\d\d-\d\dT[\d:.]+Z \(signal SIGKILL\); its last output:\n {4}\S/,
  );
  expect((await engines('up', 'sql')).code).toBe(0);
  expect(await answer((await kept()).url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
  expect((await engines('status', 'sql')).printed).toMatch(/answers, process/);

  await engines('down', 'sql');
  expect((await engines('status', 'sql')).printed).toMatch(/does not run/);
});

test('an engine that ends by itself is told with its exit code and the end of its log', async () => {
  await engines('up', 'kafka');
  const { keeper } = await kept('kafka');
  const program = (await programsOn(data)).find(({ command }) => command.includes('kafka.Kafka'));
  // A Java program ends itself on SIGTERM, with 143.
  process.kill(program?.pid ?? 0, 'SIGTERM');
  await until(() => !isRunning(keeper));
  const { printed } = await engines('status', 'kafka');
  expect(printed).toMatch(/kafka +Apache Kafka 4\.1\.2 +died at \S+ \((signal SIGTERM|exit code 143)\)/);
  expect(await programsOn(data)).toEqual([]);
  expect((await engines('down', 'kafka')).printed).toContain('None of them runs.');
  expect((await engines('status', 'kafka')).printed).toContain('does not run');
});

test('Ctrl-C while an engine starts leaves nothing of it', async () => {
  const child = execFile(process.execPath, [file, 'up', 'kafka', '--data', data]);
  // Its own program has been started, and is not ready yet.
  await until(async () => (await programsOn(data)).some(({ command }) => command.includes('kafka.Kafka')));
  child.kill('SIGINT');
  await once(child, 'exit');
  expect(child.exitCode).toBe(130);
  await until(async () => (await programsOn(data)).length === 0);
  expect((await engines('status', 'kafka')).printed).toContain('does not run');
});

test('a wrong name and a wrong word are answered with what there is', async () => {
  expect(await engines('up', 'mysql')).toEqual({
    code: 2,
    printed: 'There is no engine "mysql". There are kafka, cql, s3, sql, druid, versitygw.\n',
  });
  expect(await engines('upp')).toMatchObject({ code: 2, printed: expect.stringContaining('Usage: npm run engines') });
  expect(await engines('--help')).toMatchObject({
    code: 0,
    printed: expect.stringContaining('versitygw only when named'),
  });
});
