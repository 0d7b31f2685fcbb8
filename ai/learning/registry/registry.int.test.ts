import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTestDatabase,
  openChassisDatabase,
  type TestDatabase,
} from '../../../microservices/chassis/testing/database.ts';
import type { KeyValue } from '../../../microservices/ports/key-value/port.ts';
import { openSqlKeyValue } from '../../../microservices/ports/key-value/sql.ts';
import { openDiskObjectStore } from '../../../microservices/ports/object-store/disk.ts';
import { createLive, type LiveOptions } from './live.ts';
import { openModels, type ModelRecord, type Models } from './models.ts';
import { openRegistry, type Registry } from './registry.ts';

let test_: TestDatabase;
let keyValue: KeyValue;
let folder: string;
let models: Models;
let registry: Registry;

beforeAll(async () => {
  test_ = await createTestDatabase();
  keyValue = openSqlKeyValue(await openChassisDatabase(test_));
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-models-'));
  const objects = await openDiskObjectStore({ directory: folder, signingKey: randomBytes(32), publicUrl: '' });
  models = openModels(objects);
  registry = openRegistry(keyValue, models);
});
afterAll(async () => {
  await test_.drop();
  await rm(folder, { recursive: true });
});

const record = (name: string, artifact: ModelRecord['artifact']): ModelRecord => ({
  name,
  dataHash: createHash('sha256').update('rows').digest('hex'),
  codeVersion: '1',
  schema: ['amount'],
  metrics: { average_precision: 0.7 },
  provenScores: Array.from({ length: 100 }, (_, index) => index / 100),
  trainedAt: '2026-01-01T00:00:00.000Z',
  artifact,
});

describe('registered models', () => {
  test('have the id of their content: the same once, another beside it', async () => {
    const [first, again, other] = [
      await models.register(record('same', { slope: 1 })),
      await models.register(record('same', { slope: 1 })),
      await models.register(record('same', { slope: 2 })),
    ];
    expect(again).toBe(first);
    expect(await models.list('same', { limit: 10 })).toEqual([first, other].toSorted());
    expect(await models.list('same', { limit: 10, after: [first, other].toSorted()[0] ?? '' })).toHaveLength(1);
    expect(await models.read('same', first)).toEqual({ id: first, ...record('same', { slope: 1 }) });
    expect(await models.read('same', '0'.repeat(64))).toBeUndefined();
  });

  test('cannot be changed behind the registry’s back', async () => {
    const id = await models.register(record('forged', { slope: 1 }));
    const [file = ''] = globSync(join(folder, '**', `*${id}*`)).filter((path) => !path.endsWith('.meta'));
    await writeFile(file, (await readFile(file, 'utf8')).replace('"slope":1', '"slope":9'));
    await expect(models.read('forged', id)).rejects.toThrow();
  });

  test('lack nothing', async () => {
    await expect(models.register({ ...record('lacking', {}), dataHash: 'none' })).rejects.toThrow('SHA-256');
  });
});

describe('deployments', () => {
  test('only a registered version is promoted or tried', async () => {
    const absent = 'f'.repeat(64);
    expect(await registry.promote('empty', absent)).toMatchObject({ is: 'refused' });
    expect(await registry.tryInShadow('empty', absent)).toMatchObject({ is: 'refused' });
    expect(await registry.deployment('empty')).toMatchObject({ current: null, shadow: null });
  });

  test('of ten that promote at once each is kept, one after the other', async () => {
    const versions = await Promise.all(
      Array.from({ length: 10 }, (_, index) => models.register(record('raced', { index }))),
    );
    const changes = await Promise.all(versions.map((version) => registry.promote('raced', version)));
    expect(changes.filter(({ is }) => is === 'changed')).toHaveLength(10);
    const { current, earlier } = await registry.deployment('raced');
    expect([...earlier, current].toSorted()).toEqual(versions.toSorted());
  });

  test('of ten processes that take a version back at once, one does', async () => {
    const [first, second] = [
      await models.register(record('taken', { n: 1 })),
      await models.register(record('taken', { n: 2 })),
    ];
    await registry.promote('taken', first);
    await registry.promote('taken', second);
    const changes = await Promise.all(Array.from({ length: 10 }, () => registry.takeBack('taken', second)));
    expect(changes.filter(({ is }) => is === 'changed')).toHaveLength(1);
    expect(await registry.deployment('taken')).toMatchObject({ current: first, earlier: [] });
  });
});

describe('live decisions', () => {
  let time = 0;
  const taken: string[] = [];
  /** An artifact says how it behaves: `add` to the input, or fail, or be slow, on every request. */
  const live = (name: string, changed: Partial<LiveOptions<number>> = {}) =>
    createLive<number>({
      name,
      models,
      registry,
      scorerOf:
        ({ artifact }) =>
        (input) => {
          const { add = 0, fails = false, ms = 1 } = artifact as { add?: number; fails?: boolean; ms?: number };
          time += ms;
          if (fails) throw new Error('this version fails');
          return input + add;
        },
      rules: () => -1,
      clock: () => time,
      onTakenBack: (_, { cause }) => taken.push(cause),
      ...changed,
    });
  const inputs = Array.from({ length: 300 }, (_, index) => (index % 100) / 100);

  test('the rules decide until a version is promoted, and promotion and roll back show at the next refresh', async () => {
    const decider = live('first');
    await decider.refresh();
    expect(decider.decide('a', 0.5)).toMatchObject({ score: -1, version: null, degraded: false });
    const version = await models.register(record('first', { add: 0 }));
    await registry.promote('first', version);
    await decider.refresh();
    expect(decider.decide('a', 0.5)).toMatchObject({ score: 0.5, version, degraded: false, shadow: null });
    await registry.rollBack('first');
    await decider.refresh();
    expect(decider.decide('a', 0.5)).toMatchObject({ score: -1, version: null, degraded: false });
  });

  test('a shadow’s score is recorded beside, and its failures hurt nobody', async () => {
    const [good, bad] = [
      await models.register(record('shadowed', { add: 0 })),
      await models.register(record('shadowed', { fails: true })),
    ];
    await registry.promote('shadowed', good);
    await registry.tryInShadow('shadowed', bad);
    const decider = live('shadowed');
    await decider.refresh();
    for (const input of inputs)
      expect(decider.decide('a', input)).toMatchObject({
        score: input,
        version: good,
        degraded: false,
        shadow: { version: bad, score: null },
      });
    await decider.settle();
    expect(await registry.deployment('shadowed')).toMatchObject({ current: good, shadow: null });
  });

  test.each([
    ['errors', { fails: true }],
    ['latency', { ms: 50 }],
    ['drift', { add: 5 }],
  ] as const)('%s: the version is taken back by itself, and the one before decides', async (cause, behaviour) => {
    const name = `breaking-${cause}`;
    const [good, bad] = [
      await models.register(record(name, { add: 0 })),
      await models.register(record(name, { ...behaviour })),
    ];
    await registry.promote(name, good);
    await registry.promote(name, bad);
    const decider = live(name);
    await decider.refresh();
    for (const input of inputs) decider.decide('a', input);
    // From the breach on, before anybody is told, the rules stand in.
    expect(decider.decide('a', 0.5)).toMatchObject({ score: -1, version: null, degraded: true });
    await decider.settle();
    expect(taken.at(-1)).toBe(cause);
    expect(await registry.deployment(name)).toMatchObject({ current: good });
    await decider.refresh();
    expect(decider.decide('a', 0.5)).toMatchObject({ score: 0.5, version: good, degraded: false });
  });

  test('promoting and rolling back under load leaves no decision without a version', async () => {
    const versions = [
      await models.register(record('loaded', { add: 0, n: 1 })),
      await models.register(record('loaded', { add: 0, n: 2 })),
    ];
    await registry.promote('loaded', versions[0] ?? '');
    const decider = live('loaded');
    await decider.refresh();
    const changing = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await registry.promote('loaded', versions[1] ?? '');
        await decider.refresh();
        await registry.rollBack('loaded');
        await decider.refresh();
      }
      return 'done' as const;
    })();
    let decisions = 0;
    const next = () => new Promise<'next'>((resolve) => setImmediate(() => resolve('next')));
    do {
      // All of the range, or the scores themselves would be a drift.
      const input = inputs[decisions % inputs.length] ?? 0;
      expect(decider.decide(`key ${decisions}`, input)).toMatchObject({ score: input, degraded: false });
      decisions += 1;
    } while ((await Promise.race([changing, next()])) === 'next');
    expect(decisions).toBeGreaterThan(20);
  });
});
