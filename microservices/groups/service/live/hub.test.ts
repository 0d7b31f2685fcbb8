import { EventEmitter, once } from 'node:events';
import type { Counters } from './counters.ts';
import { createHub } from './hub.ts';

const counters = (members: number, state: Counters['state'] = 'forming'): Counters => ({
  ...{ state, size: 3, members, seatsLeft: 3 - members, missing: 3 - members },
  ...{ price: { amount: 1_900, currency: 'EUR' }, expiresAt: '2026-11-24T10:00:00.000Z' },
});

/** A watcher that can be waited for. */
const watcher = () => {
  const heard = new EventEmitter();
  return {
    heard: (event: 'told' | 'ended') => once(heard, event) as Promise<[Counters]>,
    tell: (told: Counters) => void heard.emit('told', told),
    end: () => void heard.emit('ended'),
  };
};

const hubOf = (read: (code: string) => Promise<Counters | undefined>, errors: unknown[] = [], most = 10) =>
  createHub({ read, everyMs: 1, most, onError: (error) => errors.push(error) });

test('a team is read once for all who watch it, and no more when nobody does', async () => {
  let reads = 0;
  const hub = hubOf(async () => counters((reads += 1)));
  const [one, other] = [watcher(), watcher()];
  const told = Promise.all([one.heard('told'), other.heard('told')]);
  hub.add('A', one);
  hub.add('A', other);
  const [[first], [second]] = await told;
  expect(first).toBe(second);
  hub.remove('A', one);
  hub.remove('A', other);
  await hub.stop();
  const after = reads;
  const last = watcher();
  const again = last.heard('told');
  hub.add('A', last);
  expect((await again)[0].members).toBe(after + 1);
  await hub.stop();
});

test('a team that ended, or is gone, ends who watches it after the last counters', async () => {
  const hub = hubOf(async (code) => (code === 'GONE' ? undefined : counters(3, 'complete')));
  const [full, lost] = [watcher(), watcher()];
  const told = full.heard('told');
  const ended = Promise.all([full.heard('ended'), lost.heard('ended')]);
  hub.add('FULL', full);
  hub.add('GONE', lost);
  expect((await told)[0].state).toBe('complete');
  await ended;
});

test('more than there may be are refused; one that leaves makes room, and a stop ends all', async () => {
  const hub = hubOf(async () => counters(1), [], 1);
  const [first, second] = [watcher(), watcher()];
  expect([hub.add('A', first), hub.add('A', second)]).toEqual([true, false]);
  hub.remove('A', first);
  hub.remove('A', first);
  expect([hub.add('B', second), hub.add('B', first)]).toEqual([true, false]);
  const ended = second.heard('ended');
  await hub.stop();
  await ended;
});

test('counters that cannot be read are said, and read again', async () => {
  const errors: unknown[] = [];
  let reads = 0;
  const hub = hubOf(async () => {
    reads += 1;
    if (reads === 1) throw new Error('away');
    return counters(2);
  }, errors);
  const one = watcher();
  const told = one.heard('told');
  hub.add('A', one);
  expect((await told)[0].members).toBe(2);
  expect(errors).toEqual([new Error('away')]);
  await hub.stop();
});
