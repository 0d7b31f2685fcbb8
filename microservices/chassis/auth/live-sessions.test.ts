import { Problem } from '../problem.ts';
import { createEndedCredentials } from './ended-credentials.ts';
import { createLiveSessions } from './live-sessions.ts';

const start = ({ near = false } = {}) => {
  const state = { time: 1_000_000, live: new Set(['ses_1']), asked: 0, fails: undefined as Error | undefined };
  const ended = createEndedCredentials(() => state.time);
  const isLive = createLiveSessions({
    ended,
    isNear: () => near,
    now: () => state.time,
    ask: async (sessionId) => {
      state.asked += 1;
      if (state.fails) throw state.fails;
      return state.live.has(sessionId);
    },
  });
  return { state, ended, isLive };
};

test('requests at the same time and within a second share one question', async () => {
  const { state, isLive } = start();
  expect(await Promise.all(Array.from({ length: 50 }, () => isLive('ses_1')))).toEqual(Array(50).fill(true));
  state.time += 999;
  await isLive('ses_1');
  expect(state.asked).toBe(1);
  state.time += 1;
  await isLive('ses_1');
  expect(state.asked).toBe(2);
});

test('an end is noticed after a second at most, and asked for no more', async () => {
  const { state, ended, isLive } = start();
  await isLive('ses_1');
  state.live.clear();
  state.time += 1_000;
  expect(await isLive('ses_1')).toBe(false);
  expect(ended.has('ses_1')).toBe(true);
});

test('beside the sessions’ own database every request asks', async () => {
  const { state, isLive } = start({ near: true });
  await isLive('ses_1');
  state.live.clear();
  expect(await isLive('ses_1')).toBe(false);
  expect(state.asked).toBe(2);
});

test('an owner that cannot be asked is a 503, remembered for nobody', async () => {
  const { state, isLive } = start();
  state.fails = new Problem({ code: 'UNEXPECTED_ANSWER', status: 404, title: 'Unexpected answer' });
  await expect(isLive('ses_1')).rejects.toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  state.fails = undefined;
  expect(await isLive('ses_1')).toBe(true);
});

test('a defect is not hidden', async () => {
  const { state, isLive } = start();
  state.fails = new TypeError('defect');
  await expect(isLive('ses_1')).rejects.toThrow(TypeError);
});

test('what it remembers stays bounded', async () => {
  const { state, isLive } = start();
  for (let index = 0; index <= 10_000; index += 1) await isLive(`ses_${index}`);
  expect(state.asked).toBe(10_001);
  await isLive('ses_10000');
  expect(state.asked).toBe(10_001);
  await isLive('ses_0');
  expect(state.asked).toBe(10_002);
});
