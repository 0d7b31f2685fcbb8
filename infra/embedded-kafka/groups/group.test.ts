import fc from 'fast-check';
import { errorCodes } from '../protocol/error-codes.ts';
import { driveGroup, type GroupDriver } from '../testing/group-driver.ts';
import { nextDeadline } from './group.ts';
import { commitProblem } from './membership.ts';

const answerTo = (driver: GroupDriver, ticket: number) => {
  const answer = driver.joined.get(ticket);
  if (answer === undefined) throw new Error(`request ${ticket} was not answered`);
  return answer;
};

/** A stable group of one leader and one follower. */
function stablePair(instanceIds: readonly [string | null, string | null] = [null, null]) {
  const driver = driveGroup();
  const first = answerTo(driver, driver.join({ groupInstanceId: instanceIds[0] })).memberId;
  driver.sync(first, { [first]: 'p0 p1' });
  const secondTicket = driver.join({ groupInstanceId: instanceIds[1] });
  driver.join({ memberId: first, groupInstanceId: instanceIds[0] });
  const second = answerTo(driver, secondTicket).memberId;
  const followerSync = driver.sync(second);
  driver.sync(first, { [first]: 'p0', [second]: 'p1' });
  return { driver, first, second, followerSync };
}

describe('a consumer group', () => {
  test('one member joins, leads and gets what it assigned itself', () => {
    const driver = driveGroup();
    const joined = answerTo(driver, driver.join());
    expect(joined).toMatchObject({ errorCode: 0, generationId: 1, leader: joined.memberId, protocolName: 'range' });
    expect(joined.members).toHaveLength(1);
    const synced = driver.synced.get(driver.sync(joined.memberId, { [joined.memberId]: 'p0' }));
    expect(synced).toEqual({ errorCode: 0, assignment: Buffer.from('p0') });
    expect(driver.group.state).toBe('Stable');
  });

  test('a second member waits until the first joined again; only the leader learns of the members', () => {
    const { driver, first, second, followerSync } = stablePair();
    expect(driver.group).toMatchObject({ state: 'Stable', generation: 2, leader: first });
    expect(driver.synced.get(followerSync)?.assignment).toEqual(Buffer.from('p1'));
    const memberLists = [...driver.joined.values()]
      .filter(({ generationId }) => generationId === 2)
      .map(({ members }) => members.length);
    expect(memberLists.sort()).toEqual([0, 2]);
    expect(driver.heartbeat(second)).toBe(errorCodes.NONE);
  });

  test('a new client gets its id first and joins with it', () => {
    const driver = driveGroup();
    const refused = answerTo(driver, driver.join({ requireMemberId: true }));
    expect(refused.errorCode).toBe(errorCodes.MEMBER_ID_REQUIRED);
    expect(driver.group.members.size).toBe(0);
    const joined = answerTo(driver, driver.join({ requireMemberId: true, memberId: refused.memberId }));
    expect(joined).toMatchObject({ errorCode: 0, memberId: refused.memberId });
  });

  test('an announced id that is not used in time is forgotten', () => {
    const driver = driveGroup();
    const { memberId } = answerTo(driver, driver.join({ requireMemberId: true }));
    driver.wait(10_000);
    expect(answerTo(driver, driver.join({ memberId })).errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID);
  });

  test('members hear of a rebalance from their heartbeat, and those who do not join again in time are dropped', () => {
    const { driver, first, second } = stablePair();
    const third = driver.join();
    expect(driver.heartbeat(first)).toBe(errorCodes.REBALANCE_IN_PROGRESS);
    const again = driver.join({ memberId: first });
    for (let passed = 0; passed < 60_000; passed += 5000) {
      expect(driver.heartbeat(second)).toBe(errorCodes.REBALANCE_IN_PROGRESS);
      driver.wait(5000);
    }
    expect(answerTo(driver, again).members).toHaveLength(2);
    expect(answerTo(driver, third).errorCode).toBe(0);
    expect(driver.heartbeat(second)).toBe(errorCodes.UNKNOWN_MEMBER_ID);
  });

  test('a member that is silent for its session is dropped and its partitions are shared out', () => {
    const { driver, first, second } = stablePair();
    driver.wait(6000);
    driver.heartbeat(first);
    driver.wait(6000);
    expect(driver.heartbeat(first)).toBe(errorCodes.REBALANCE_IN_PROGRESS);
    expect(driver.heartbeat(second)).toBe(errorCodes.UNKNOWN_MEMBER_ID);
    expect(answerTo(driver, driver.join({ memberId: first })).members).toHaveLength(1);
  });

  test('a member that joined but never asks for its partitions does not hold up the others for ever', () => {
    const driver = driveGroup();
    const leader = answerTo(driver, driver.join({ rebalanceTimeoutMs: 5000 })).memberId;
    driver.heartbeat(leader);
    driver.wait(5000);
    expect(driver.group).toMatchObject({ state: 'Empty', generation: 2 });
  });

  test('requests of an earlier generation are refused', () => {
    const { driver, first } = stablePair();
    expect(driver.heartbeat(first, 1)).toBe(errorCodes.ILLEGAL_GENERATION);
    expect(driver.synced.get(driver.sync(first, {}, 1))?.errorCode).toBe(errorCodes.ILLEGAL_GENERATION);
    const stale = { memberId: first, groupInstanceId: null, generationId: 1 };
    expect(commitProblem(driver.group, stale, 0)).toBe(errorCodes.ILLEGAL_GENERATION);
  });

  test('only members commit while there are members; anyone while there are none', () => {
    const { driver, first, second } = stablePair();
    const anyone = { memberId: '', groupInstanceId: null, generationId: -1 };
    expect(commitProblem(driver.group, anyone, 0)).toBe(errorCodes.UNKNOWN_MEMBER_ID);
    expect(commitProblem(driver.group, { ...anyone, memberId: first, generationId: 2 }, 0)).toBe(errorCodes.NONE);
    driver.leave(first);
    driver.leave(second);
    expect(commitProblem(driver.group, anyone, 0)).toBe(errorCodes.NONE);
  });

  test('leaving starts a rebalance; the last one to leave empties the group', () => {
    const { driver, first, second } = stablePair();
    expect(driver.leave(first)).toBe(errorCodes.NONE);
    expect(driver.heartbeat(second)).toBe(errorCodes.REBALANCE_IN_PROGRESS);
    expect(driver.leave(first)).toBe(errorCodes.UNKNOWN_MEMBER_ID);
    expect(driver.leave(second)).toBe(errorCodes.NONE);
    expect(driver.group.state).toBe('Empty');
    expect(nextDeadline(driver.group)).toBe(Infinity);
  });

  test.each([
    {
      name: 'another protocol type',
      request: { protocolType: 'connect' },
      code: errorCodes.INCONSISTENT_GROUP_PROTOCOL,
    },
    {
      name: 'no strategy in common',
      request: { protocols: [{ name: 'sticky', metadata: Buffer.alloc(0) }] },
      code: errorCodes.INCONSISTENT_GROUP_PROTOCOL,
    },
    { name: 'no strategy', request: { protocols: [] }, code: errorCodes.INCONSISTENT_GROUP_PROTOCOL },
    { name: 'a session of 1 ms', request: { sessionTimeoutMs: 1 }, code: errorCodes.INVALID_SESSION_TIMEOUT },
    { name: 'an unknown member id', request: { memberId: 'who' }, code: errorCodes.UNKNOWN_MEMBER_ID },
  ])('refuses a member with $name', ({ request, code }) => {
    const { driver } = stablePair();
    expect(answerTo(driver, driver.join(request)).errorCode).toBe(code);
    expect(driver.group.state).toBe('Stable');
  });

  test('takes the strategy that most members prefer among those all support', () => {
    const driver = driveGroup();
    const strategies = (...names: string[]) => names.map((name) => ({ name, metadata: Buffer.from(name) }));
    const first = answerTo(driver, driver.join({ protocols: strategies('range', 'sticky') })).memberId;
    const others = [
      driver.join({ protocols: strategies('sticky', 'range', 'own') }),
      driver.join({ protocols: strategies('sticky', 'range') }),
    ];
    driver.join({ memberId: first, protocols: strategies('range', 'sticky') });
    expect(others.map((ticket) => answerTo(driver, ticket).protocolName)).toEqual(['sticky', 'sticky']);
  });
});

describe('static members', () => {
  test('come back under their name without a rebalance, with their assignment; the old id is fenced', () => {
    const { driver, first, second } = stablePair(['a', 'b']);
    const back = answerTo(driver, driver.join({ groupInstanceId: 'b' }));
    expect(back).toMatchObject({ errorCode: 0, generationId: 2, leader: first });
    expect(driver.group.state).toBe('Stable');
    expect(driver.synced.get(driver.sync(back.memberId))?.assignment).toEqual(Buffer.from('p1'));
    expect(driver.heartbeat(second, 2, 'b')).toBe(errorCodes.FENCED_INSTANCE_ID);
    expect(answerTo(driver, driver.join({ memberId: second, groupInstanceId: 'b' })).errorCode).toBe(
      errorCodes.FENCED_INSTANCE_ID,
    );
  });

  test('a leader that comes back is told that its old id leads, so that it does not assign again', () => {
    const { driver, first } = stablePair(['a', 'b']);
    const back = answerTo(driver, driver.join({ groupInstanceId: 'a' }));
    expect(back.leader).toBe(first);
    expect(back.members).toEqual([]);
    expect(driver.group.leader).toBe(back.memberId);
  });

  test('one that comes back with another subscription causes a rebalance', () => {
    const { driver, first } = stablePair(['a', 'b']);
    driver.join({ groupInstanceId: 'b', protocols: [{ name: 'range', metadata: Buffer.from('orders wallet') }] });
    expect(driver.heartbeat(first)).toBe(errorCodes.REBALANCE_IN_PROGRESS);
  });

  test('can be removed by name, and are dropped when their session ends', () => {
    const { driver, first } = stablePair(['a', 'b']);
    expect(driver.leave('', 'b')).toBe(errorCodes.NONE);
    expect(driver.heartbeat(first)).toBe(errorCodes.REBALANCE_IN_PROGRESS);
    driver.wait(10_000);
    expect(driver.group.members.size).toBe(0);
  });
});

test('whatever members do, every request is answered once, and time alone brings each group to rest', () => {
  const step = fc.record({ kind: fc.nat(6), member: fc.nat(5), wait: fc.nat(15_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const driver = driveGroup();
      const joins: number[] = [];
      const syncs: number[] = [];
      let generation = 0;
      for (const { kind, member, wait } of steps) {
        const id = [...driver.group.members.keys()][member] ?? '';
        if (kind === 0) joins.push(driver.join({ groupInstanceId: member < 2 ? `static${member}` : null }));
        if (kind === 1 && id !== '') {
          joins.push(driver.join({ memberId: id, groupInstanceId: driver.group.members.get(id)?.instanceId ?? null }));
        }
        if (kind === 2 && id !== '') syncs.push(driver.sync(id, { [id]: 'p' }));
        if (kind === 3 && id !== '') driver.heartbeat(id);
        if (kind === 4) driver.leave(id);
        if (kind === 5) driver.wait(wait);
        if (kind === 6) joins.push(driver.join({ requireMemberId: true }));
        expect(driver.group.generation).toBeGreaterThanOrEqual(generation);
        generation = driver.group.generation;
        if (driver.group.state === 'Stable') expect(driver.group.members.has(driver.group.leader)).toBe(true);
        if (driver.group.members.size === 0) expect(['Empty', 'PreparingRebalance']).toContain(driver.group.state);
      }
      for (let rounds = 0; rounds < 20; rounds += 1) driver.wait(60_000);
      expect(joins.filter((ticket) => !driver.joined.has(ticket))).toEqual([]);
      expect(syncs.filter((ticket) => !driver.synced.has(ticket))).toEqual([]);
      expect(driver.group.state).toBe('Empty');
      expect(nextDeadline(driver.group)).toBe(Infinity);
    }),
    { numRuns: 300 },
  );
});
