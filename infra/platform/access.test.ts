import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess, embeddedKafkaSecurity, readAccess, readOrCreateAccess, saveAccess } from './access.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-access-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'access.json');

test('secrets are made once, and their file is its owner’s alone', async () => {
  const made = await readOrCreateAccess(folder);
  expect(await readOrCreateAccess(folder)).toEqual(made);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

test('a file of an earlier platform keeps its secrets and gets those that it lacks', async () => {
  const { kafkaPassword: _new, servicesDatabasePassword: _too, n8nDatabasePassword: _also, ...older } = createAccess();
  await writeFile(file(), JSON.stringify(older));
  expect(await readOrCreateAccess(folder)).toEqual({
    ...older,
    kafkaPassword: expect.any(String) as string,
    servicesDatabasePassword: expect.any(String) as string,
    n8nDatabasePassword: expect.any(String) as string,
  });
  expect(await readAccess(folder)).toMatchObject(older);
  expect(await readOrCreateAccess(folder)).toEqual(await readOrCreateAccess(folder));
});

test('what others left under the name of the new file does not receive the secrets', async () => {
  await writeFile(`${file()}.${process.pid}`, '', { mode: 0o666 });
  await saveAccess(folder, createAccess());
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

describe('the embedded broker’s sign-in', () => {
  const access = { ...createAccess(), kafka: ['127.0.0.1:9092'], kafkaIsEmbedded: true };

  test('is for that broker, by a way that does not show the password', () => {
    expect(embeddedKafkaSecurity(access, ['127.0.0.1:9092'])).toEqual({
      sasl: { mechanism: 'scram-sha-256', username: 'fusioncommerce', password: access.kafkaPassword },
    });
  });

  test.each([
    ['another broker', access, ['kafka-1:9092']],
    ['one of several', access, ['127.0.0.1:9092', 'kafka-1:9092']],
    ['a broker of one’s own at the last start', { ...access, kafkaIsEmbedded: false }, ['127.0.0.1:9092']],
    ['a platform that never started', createAccess(), ['127.0.0.1:9092']],
  ])('is not shown to %s', (_what, known, brokers) => {
    expect(embeddedKafkaSecurity(known, brokers)).toEqual({});
  });
});
