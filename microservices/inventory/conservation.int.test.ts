import fc from 'fast-check';
import { tally } from '../chassis/testing/tally.ts';
import { freshLocation, freshSku } from './testing.ts';
import { startTwoInstances, type TwoInstances } from './testing/two-instances.ts';
import { newWorld, step } from './testing/world.ts';

let instances: TwoInstances;
const api = () => instances.api();
const both = (index: number) => instances.both(index);

beforeAll(async () => {
  instances = await startTwoInstances();
});
afterAll(() => instances.stop());
afterEach(async () => {
  expect(await api().auditStock({})).toMatchObject({ consistent: true, problems: [] });
});

test('what goes and what comes at the same moment is judged by what is there when its turn comes, not by what was', async () => {
  const locationId = await freshLocation(api());
  for (let round = 0; round < 25; round += 1) {
    const sku = freshSku();
    await api().receiveStock({ sku, locationId, quantity: 1 });
    const adjust = (change: number, index: number) =>
      both(index).adjustStock({ sku, locationId, change, reason: 'race' });
    const counts = await tally([-2, 1, -2, 1, -1, 1].map(adjust));
    expect(Object.keys(counts).filter((code) => code !== 'OK' && code !== 'INSUFFICIENT_STOCK')).toEqual([]);
  }
});

test('after any run of operations, several at once, every count agrees and no call fails for an unexpected reason', async () => {
  const known = /^(OUT_OF_STOCK|INSUFFICIENT_STOCK|BACKORDERS_OPEN|ILLEGAL_STATE|RESERVATION_EXPIRED)$/;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const world = await newWorld(instances);
      for (let start = 0; start < steps.length; start += 5) {
        const counts = await tally(steps.slice(start, start + 5).map((one, index) => world.take(one, both(index))));
        for (const code of Object.keys(counts)) expect(code === 'OK' || known.test(code) ? '' : code).toBe('');
      }
      expect(await api().auditStock({})).toMatchObject({ consistent: true, problems: [] });
      for (const level of (await api().listLevels({ search: world.mark, limit: 50 })).items) {
        expect(level.reserved).toBeGreaterThanOrEqual(0);
        expect(level.allocated).toBeGreaterThanOrEqual(0);
        expect(level.short).toBe(Math.max(0, level.reserved + level.allocated - level.onHand));
      }
    }),
    { numRuns: 15 },
  );
});
