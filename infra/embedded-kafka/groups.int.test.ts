import { errorCodes } from './protocol/error-codes.ts';
import { temporaryBroker, type TemporaryBroker } from './testing/temporary-broker.ts';
import { until } from './testing/until.ts';
import { connectWire, type WireClient } from './testing/wire-client.ts';
import {
  commitOffset,
  createTopic,
  fetchOffset,
  heartbeat,
  joinGroup,
  syncGroup,
  type JoinOptions,
} from './testing/wire-requests.ts';

let running: TemporaryBroker;
const clients: WireClient[] = [];

beforeAll(async () => {
  running = await temporaryBroker();
  expect(await createTopic(await client(), 'orders', 2)).toBe(0);
});
afterEach(async () => {
  for (const open of clients.splice(0)) await open.close();
});
afterAll(() => running.remove());

async function client(): Promise<WireClient> {
  const open = await connectWire(running.broker());
  clients.push(open);
  return open;
}

/** Joins as a new client does: is given an id, and joins with it. */
async function joinNew(member: WireClient, options: JoinOptions) {
  const given = await joinGroup(member, options);
  return given.errorCode === errorCodes.MEMBER_ID_REQUIRED
    ? joinGroup(member, { ...options, memberId: given.memberId })
    : given;
}

/** A member alone in its group, with its assignment. */
async function loneMember(options: JoinOptions) {
  const connection = await client();
  const joined = await joinNew(connection, options);
  const identity = {
    groupId: options.groupId,
    generationId: joined.generationId,
    memberId: joined.memberId,
    instanceId: options.instanceId ?? null,
  };
  expect(await syncGroup(connection, identity, { [joined.memberId]: 'p0' })).toEqual({
    errorCode: 0,
    assignment: 'p0',
  });
  return { connection, identity };
}

test('a member that dies without a word is replaced when its session ends', async () => {
  const { connection, identity } = await loneMember({ groupId: 'sessions', sessionTimeoutMs: 1500 });
  await connection.close();
  const heir = await loneMember({ groupId: 'sessions', sessionTimeoutMs: 1500, rebalanceTimeoutMs: 60_000 });
  expect(heir.identity.generationId).toBeGreaterThan(identity.generationId);
  expect(await heartbeat(heir.connection, identity)).toBe(errorCodes.UNKNOWN_MEMBER_ID);
});

test('heartbeats keep a member alive beyond its session', async () => {
  const { connection, identity } = await loneMember({ groupId: 'alive', sessionTimeoutMs: 2000 });
  for (let beat = 0; beat < 7; beat += 1) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await heartbeat(connection, identity)).toBe(errorCodes.NONE);
  }
});

test('a member that misses the rebalance time-out is left behind although it lives', async () => {
  const options = { groupId: 'late', sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 1500 };
  const { connection, identity } = await loneMember(options);
  const newcomer = joinNew(await client(), options);
  await until(async () => (await heartbeat(connection, identity)) === errorCodes.REBALANCE_IN_PROGRESS);
  const joined = await newcomer;
  expect(joined).toMatchObject({ errorCode: 0, generationId: identity.generationId + 1, leader: joined.memberId });
  expect(joined.members).toEqual([joined.memberId]);
  expect(await heartbeat(connection, identity)).toBe(errorCodes.UNKNOWN_MEMBER_ID);
});

test('a static member comes back to its partitions without a rebalance', async () => {
  const { connection, identity } = await loneMember({ groupId: 'static', instanceId: 'a' });
  await connection.close();
  const again = await client();
  const back = await joinGroup(again, { groupId: 'static', instanceId: 'a' });
  expect(back).toMatchObject({ errorCode: 0, generationId: identity.generationId });
  const anew = { ...identity, memberId: back.memberId };
  expect(await syncGroup(again, anew)).toEqual({ errorCode: 0, assignment: 'p0' });
  expect(await heartbeat(again, identity)).toBe(errorCodes.FENCED_INSTANCE_ID);
});

test('only the current generation commits; what it committed survives a restart, and the group starts anew', async () => {
  const { connection, identity } = await loneMember({ groupId: 'committing' });
  expect(await commitOffset(connection, identity, 'orders', 1, 42)).toBe(errorCodes.NONE);
  expect(await commitOffset(connection, { ...identity, generationId: 99 }, 'orders', 1, 50)).toBe(
    errorCodes.ILLEGAL_GENERATION,
  );
  expect(await commitOffset(connection, { ...identity, memberId: 'who' }, 'orders', 1, 50)).toBe(
    errorCodes.UNKNOWN_MEMBER_ID,
  );
  expect(await commitOffset(connection, identity, 'nothing', 1, 50)).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  await running.restart();
  const after = await client();
  expect(await fetchOffset(after, 'committing', 'orders', 1)).toBe(42);
  expect(await fetchOffset(after, 'committing', 'orders', 0)).toBe(-1);
  expect(await heartbeat(after, identity)).toBe(errorCodes.UNKNOWN_MEMBER_ID);
});

test('a broker that stops does not wait for members that wait for others', async () => {
  const options = { groupId: 'stopping', rebalanceTimeoutMs: 60_000 };
  await loneMember(options);
  const waiting = joinNew(await client(), options).catch((error: Error) => error.message);
  await until(async () => running.broker().stats().groups > 0 && running.broker().stats().connections > 1);
  await running.restart();
  const answer = await waiting;
  expect(typeof answer === 'string' ? 'closed' : answer.errorCode).not.toBe(0);
});
