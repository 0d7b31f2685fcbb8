import fc from 'fast-check';
import {
  endTrial,
  giveShare,
  NOTHING_DEPLOYED,
  promote,
  rollBack,
  tryInShadow,
  versionFor,
  type Change,
  type Deployment,
} from './deployment.ts';

const after = (change: Change): Deployment => {
  if (change.is === 'refused') throw new Error(change.reason);
  return change.deployment;
};
const keys = Array.from({ length: 20_000 }, (_, index) => `ord_${index}`);

test('a shadow looks on, decides a share, and then everything; the one before can be returned to', () => {
  const first = after(promote(NOTHING_DEPLOYED, 'a'));
  const tried = after(tryInShadow(first, 'b'));
  expect(new Set(keys.map((key) => versionFor(tried, key)))).toEqual(new Set(['a']));
  const shared = after(giveShare(tried, 0.3));
  const decidedByB = keys.filter((key) => versionFor(shared, key) === 'b').length;
  expect(decidedByB / keys.length).toBeCloseTo(0.3, 1);
  const promoted = after(promote(shared, 'b'));
  expect(promoted).toEqual({ current: 'b', earlier: ['a'], shadow: null, share: 0 });
  expect(after(rollBack(promoted))).toEqual(first);
});

test('a key keeps its version while the share stands or grows', () => {
  const tried = after(tryInShadow(after(promote(NOTHING_DEPLOYED, 'a')), 'b'));
  fc.assert(
    fc.property(
      fc.string(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (key, one, other) => {
        const [small, large] = [Math.min(one, other), Math.max(one, other)];
        const before = versionFor(after(giveShare(tried, small)), key);
        expect(versionFor(after(giveShare(tried, small)), key)).toBe(before);
        if (before === 'b') expect(versionFor(after(giveShare(tried, large)), key)).toBe('b');
      },
    ),
  );
});

test('promoting and rolling back as often returns to the start, for twenty versions', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 }), (versions) => {
      const promoted = versions.reduce((deployment, version) => after(promote(deployment, version)), NOTHING_DEPLOYED);
      expect(promoted.current).toBe(versions.at(-1) ?? null);
      expect(versions.reduce((deployment) => after(rollBack(deployment)), promoted)).toEqual(NOTHING_DEPLOYED);
    }),
  );
});

test('what makes no sense is refused with a reason', () => {
  const deployed = after(promote(NOTHING_DEPLOYED, 'a'));
  expect(promote(deployed, 'a')).toEqual({ is: 'refused', reason: 'Version a decides already.' });
  expect(tryInShadow(deployed, 'a')).toEqual({ is: 'refused', reason: 'Version a decides already.' });
  expect(giveShare(deployed, 0.5)).toMatchObject({ reason: 'No version is tried in shadow. Put one there first.' });
  expect(giveShare(deployed, 2)).toMatchObject({ reason: 'A share lies between 0 and 1, not at 2.' });
  expect(rollBack(NOTHING_DEPLOYED)).toMatchObject({ is: 'refused' });
  expect(endTrial(deployed)).toMatchObject({ reason: 'No version is tried in shadow.' });
});
