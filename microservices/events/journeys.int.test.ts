import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { environment, range, until } from './testing.ts';

// A second instance knows the first only through the database and Kafka, as two processes do.
let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
let ahead = 0;
const now = () => new Date(Date.now() + ahead);

beforeAll(async () => {
  const settings = { environment: { ...environment, WAIT_POLL_MS: '100' }, now };
  platform = await startTestPlatform({ services: [events], ...settings });
  twin = await startTwin(platform, { services: [events], ...settings });
});
afterAll(async () => {
  for (const server of servers) server.close();
  await twin.stop();
  await platform.stop();
});

const servers: Server[] = [];
const secret = `whsec_${randomBytes(32).toString('base64')}`;

interface Resumed {
  waitId: string;
  outcome: string;
  event: { id: string; data: unknown } | null;
}

/**
 * As much of n8n as the platform meets: it runs a parked execution on once, and says 409 to whoever comes too early or
 * too late.
 */
const startN8n = async () => {
  const n8n = { resumed: [] as Resumed[], asked: 0, parked: true, loseResponses: 0, url: '', genuine: [] as boolean[] };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      n8n.asked += 1;
      const body = Buffer.concat(parts).toString();
      const { headers } = request;
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      n8n.genuine.push(
        headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
      );
      if (!n8n.parked) return response.writeHead(409).end('{"message":"The execution is running already."}');
      const { waitId } = JSON.parse(body) as Resumed;
      if (n8n.resumed.some((one) => one.waitId === waitId))
        return response.writeHead(409).end('{"message":"The execution has finished already."}');
      n8n.resumed.push(JSON.parse(body) as Resumed);
      if (n8n.loseResponses-- > 0) return request.socket.destroy();
      return response.end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  n8n.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook-waiting/1`;
  return n8n;
};

const both = (index = 0) =>
  createClient(eventsContract, { url: index % 2 === 0 ? platform.url : twin.url, credential: platform.adminKey });
type Wait = Parameters<ReturnType<typeof both>['createWait']>[0];

const fresh = () => `cus_${randomBytes(16).toString('hex')}`;
const wait = (more: Partial<Wait> & Pick<Wait, 'resumeUrl'>, index = 0) =>
  both(index).createWait({
    step: randomBytes(8).toString('hex'),
    eventTypes: ['custom.paid'],
    value: fresh(),
    timeoutSeconds: 3_600,
    workflowId: 'w1',
    executionId: '1',
    secret,
    ...more,
  });
const publish = (data: Record<string, unknown>, type = 'custom.paid', subject = 'sub_1') =>
  both().publishEvent({ type, subject, data });
const stateOf = async (waitId: string) => (await both(1).getWait({ waitId })).state;
/** An event that is taken after all others before it. */
const settled = async () => {
  const n8n = await startN8n();
  const { value } = await wait({ resumeUrl: n8n.url });
  await publish({ customerId: value });
  await until(() => n8n.resumed.length === 1);
};

describe('a journey that waits for an event', () => {
  test('is resumed once, by the first event of a wanted type about the same customer, with a signature', async () => {
    const n8n = await startN8n();
    const value = fresh();
    const parked = await wait({
      resumeUrl: n8n.url,
      value,
      filter: { combine: 'all', conditions: [{ field: 'data.amount', operator: 'greaterThan', value: 5 }] },
    });
    expect(parked).toMatchObject({ state: 'waiting', outcome: null, event: null });
    await publish({ customerId: fresh(), amount: 10 });
    await publish({ customerId: value, amount: 10 }, 'custom.other');
    await publish({ customerId: value, amount: 1 });
    const { id } = await publish({ customerId: value, amount: 10 });
    await publish({ customerId: value, amount: 11 });
    await until(
      () => stateOf(parked.id),
      (state) => state === 'resumed',
    );
    expect(n8n.resumed).toMatchObject([{ waitId: parked.id, outcome: 'came', event: { id, data: { amount: 10 } } }]);
    expect(n8n.genuine).toEqual([true]);
  });

  test('may name the field where the ID must stand', async () => {
    const n8n = await startN8n();
    const value = fresh();
    await wait({ resumeUrl: n8n.url, value, field: 'data.referrer' });
    await publish({ customerId: value });
    await publish({ referrer: value, n: 2 });
    await until(() => n8n.resumed.length === 1);
    expect(n8n.resumed).toMatchObject([{ event: { data: { n: 2 } } }]);
  });

  test('times out at its deadline, and an event that comes later changes nothing', async () => {
    const n8n = await startN8n();
    const parked = await wait({ resumeUrl: n8n.url, timeoutSeconds: 60 });
    await settled();
    expect(n8n.asked).toBe(0);
    ahead = 61_000;
    await until(
      () => stateOf(parked.id),
      (state) => state === 'resumed',
    );
    ahead = 0;
    await publish({ customerId: parked.value });
    await settled();
    expect(n8n.resumed).toEqual([{ waitId: parked.id, outcome: 'timed_out', event: null }]);
  });

  test('can be given up: the journey goes on as if its time were up, once, and no event counts any more', async () => {
    const n8n = await startN8n();
    const parked = await wait({ resumeUrl: n8n.url });
    const given = await both(1).giveUpWait({ waitId: parked.id });
    expect(given).toMatchObject({ state: 'settled', outcome: 'timed_out' });
    await until(
      () => stateOf(parked.id),
      (state) => state === 'resumed',
    );
    await publish({ customerId: parked.value });
    await settled();
    expect(n8n.resumed).toMatchObject([{ waitId: parked.id, outcome: 'timed_out', event: null }]);
    expect((await both().giveUpWait({ waitId: parked.id })).outcome).toBe('timed_out');
    const unknown = both().giveUpWait({ waitId: `wai_${'0'.repeat(32)}` });
    await expect(unknown).rejects.toMatchObject({ code: 'WAIT_NOT_FOUND' });
  });

  test('its event and giving it up at the same moment: one of them counts, and it is resumed once', async () => {
    const n8n = await startN8n();
    const waits = await Promise.all(range(20).map((index) => wait({ resumeUrl: n8n.url }, index)));
    const givenUp = await Promise.all(
      waits.flatMap(({ id, value }, index) => [
        publish({ customerId: value }).then(() => undefined),
        both(index)
          .giveUpWait({ waitId: id })
          .then(
            () => id,
            (error: { code: string }) => expect(error.code).toBe('WAIT_OVER'),
          ),
      ]),
    );
    await until(() => n8n.resumed.length === waits.length);
    await settled();
    expect(n8n.resumed).toHaveLength(waits.length);
    const timedOut = n8n.resumed.filter(({ outcome }) => outcome === 'timed_out').map(({ waitId }) => waitId);
    expect(timedOut.toSorted()).toEqual(givenUp.filter((one) => typeof one === 'string').toSorted());
  });

  test('can count what came since its own event: also the first time that anybody waits for such an event', async () => {
    const n8n = await startN8n();
    const value = fresh();
    const since = new Date(Date.now() - 1_000).toISOString();
    const started = await publish({ customerId: value }, 'custom.never_watched');
    const { id } = await publish({ customerId: value }, 'custom.never_watched');
    await platform.waitForEvent('custom.never_watched', (event) => event.id === id);
    const eventTypes = ['custom.never_watched'];
    const own = { eventTypes, value, since, notEventId: started.id };
    expect(await wait({ resumeUrl: n8n.url, ...own })).toMatchObject({
      state: 'resumed',
      outcome: 'came',
      event: { id },
    });
    expect(await wait({ resumeUrl: n8n.url, ...own, notEventId: id })).toMatchObject({ event: { id: started.id } });
    expect(await wait({ resumeUrl: n8n.url, eventTypes, value })).toMatchObject({ state: 'waiting' });
    await settled();
    expect(n8n.asked).toBe(0);
  });

  test('50 waits and their events at the same moment, over two processes: each wait is resumed exactly once', async () => {
    const n8n = await startN8n();
    await settled();
    const values = range(50).map(fresh);
    const since = new Date(Date.now() - 1_000).toISOString();
    const [waits] = await Promise.all([
      Promise.all(values.map((value, index) => wait({ resumeUrl: n8n.url, value, since }, index))),
      Promise.all(values.map((value) => publish({ customerId: value }))),
    ]);
    const inline = waits.filter(({ outcome }) => outcome === 'came').map(({ id }) => id);
    await until(() => inline.length + n8n.resumed.length >= 50);
    await settled();
    expect([...inline, ...n8n.resumed.map(({ waitId }) => waitId)].toSorted()).toEqual(
      waits.map(({ id }) => id).toSorted(),
    );
  });

  test('the step again gets the wait it had: the new execution is resumed, or told at once what came', async () => {
    const [old, anew] = [await startN8n(), await startN8n()];
    const step = randomBytes(8).toString('hex');
    const value = fresh();
    const first = await wait({ resumeUrl: old.url, step, value });
    const second = await wait({ resumeUrl: anew.url, step, value, executionId: '2' });
    expect(second).toMatchObject({ id: first.id, deadline: first.deadline });
    await publish({ customerId: value });
    await until(() => anew.resumed.length === 1);
    await until(
      () => stateOf(first.id),
      (state) => state === 'resumed',
    );
    expect(await wait({ resumeUrl: anew.url, step, value, executionId: '3' })).toMatchObject({ outcome: 'came' });
    expect([old.asked, anew.resumed.length]).toEqual([0, 1]);
  });

  test('n8n that has not parked it yet, or whose response was lost, is asked again and runs it once', async () => {
    const n8n = await startN8n();
    n8n.parked = false;
    n8n.loseResponses = 1;
    const parked = await wait({ resumeUrl: n8n.url });
    await publish({ customerId: parked.value });
    await until(() => n8n.asked >= 3);
    expect(await stateOf(parked.id)).toBe('settled');
    n8n.parked = true;
    await until(
      () => stateOf(parked.id),
      (state) => state === 'resumed',
    );
    expect(n8n.resumed).toHaveLength(1);
  });

  test('an execution that is no longer there ends its wait, with the reason', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(404).end('{"message":"The execution \\"1\\" does not exist."}');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const parked = await wait({ resumeUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x` });
    await publish({ customerId: parked.value });
    await until(
      () => stateOf(parked.id),
      (state) => state === 'gone',
    );
    expect((await both().getWait({ waitId: parked.id })).note).toContain('does not exist');
    expect((await both().listWaits({ value: parked.value })).items.map(({ id }) => id)).toEqual([parked.id]);
  });

  test('a text that no database can store is refused in words, in a filter too', async () => {
    const conditions = [{ field: 'data.n', operator: 'equals' as const, value: 'a\u0000' }];
    const refused = { status: 400, code: 'INVALID_INPUT' };
    await expect(
      wait({ resumeUrl: 'http://127.0.0.1:9/x', filter: { combine: 'all', conditions } }),
    ).rejects.toMatchObject(refused);
    await expect(both().listJourneyRuns({ subject: 'a\u0000' })).rejects.toMatchObject(refused);
  });

  test.each([
    ['an event type that there is not', { eventTypes: ['order.unheard_of'] }, 'EVENT_TYPE_NOT_FOUND'],
    ['an address that events may not be posted to', { resumeUrl: 'http://169.254.169.254/x' }, 'URL_NOT_ALLOWED'],
  ])('%s is refused', async (_what, more, code) => {
    await expect(wait({ resumeUrl: 'http://127.0.0.1:9/x', ...more })).rejects.toMatchObject({ code, status: 422 });
  });
});

describe('a limit', () => {
  const use = (limit: string, useId: string, index = 0, subject = 'cus_1') =>
    both(index).useLimit({ limit, subject, useId, most: 3, periodSeconds: 60 });

  test('50 uses at once over two processes: exactly 3 are allowed, and repeats get the same answer', async () => {
    const limit = fresh();
    const ids = range(50).map(String);
    const first = await Promise.all(ids.map((id) => use(limit, id, Number(id))));
    expect(first.filter(({ allowed }) => allowed)).toHaveLength(3);
    const again = await Promise.all(ids.map((id) => use(limit, id, Number(id) + 1)));
    expect(again.map(({ allowed }) => allowed)).toEqual(first.map(({ allowed }) => allowed));
    expect(again[0]).toMatchObject({ used: 3, most: 3 });
    expect(await use(limit, 'other', 0, 'cus_2')).toMatchObject({ allowed: true, used: 1, nextAt: null });
  });

  test('of one use sent many times at once, one is counted', async () => {
    const limit = fresh();
    expect(await tally(range(20).map((index) => use(limit, 'same', index)))).toEqual({ OK: 20 });
    expect(await use(limit, 'next')).toMatchObject({ allowed: true, used: 2 });
  });

  test('is free again when the period is over', async () => {
    const limit = fresh();
    for (const id of ['a', 'b', 'c']) expect((await use(limit, id)).allowed).toBe(true);
    const refused = await use(limit, 'd');
    expect(refused).toMatchObject({ allowed: false, used: 3 });
    expect(Date.parse(refused.nextAt ?? '')).toBeGreaterThan(Date.now());
    ahead = 61_000;
    expect(await use(limit, 'e')).toMatchObject({ allowed: true, used: 1 });
    ahead = 0;
  });
});

describe('a split', () => {
  const branches = [
    { name: 'A', percent: 45 },
    { name: 'B', percent: 45 },
    { name: 'Hold-Out', percent: 10 },
  ];
  const assign = (split: string, subject: string, index = 0, shares = branches) =>
    both(index).assignSplit({ split, subject, branches: shares });

  test('a customer gets one branch, whoever asks and however often, and it is announced once', async () => {
    const split = fresh();
    const given = await Promise.all(range(20).map((index) => assign(split, 'cus_1', index)));
    expect(new Set(given.map(({ branch }) => branch)).size).toBe(1);
    expect(given.filter(({ first }) => first)).toHaveLength(1);
    await platform.waitForEvent('journey.split_assigned', ({ subject }) => subject === split);
    await settled();
    const told = platform.events('events').filter(({ subject }) => subject === split);
    expect(told.map(({ data }) => data)).toEqual([{ split, branch: given[0]?.branch, customerId: 'cus_1' }]);
  });

  test('other shares change nothing for whom was assigned; each branch counts its customers', async () => {
    const split = fresh();
    const customers = range(40).map((n) => `cus_${n}`);
    const before = await Promise.all(customers.map((one) => assign(split, one)));
    const others = [
      { name: 'A', percent: 0 },
      { name: 'B', percent: 0 },
      { name: 'Hold-Out', percent: 100 },
    ];
    const after = await Promise.all(customers.map((one) => assign(split, one, 1, others)));
    expect(after.map(({ branch }) => branch)).toEqual(before.map(({ branch }) => branch));
    const { branches: counted } = await both().getSplit({ split });
    expect(counted.reduce((sum, { customers: count }) => sum + count, 0)).toBe(40);
  });

  test('shares that do not come to 100 are refused', async () => {
    await expect(assign('s', 'cus_1', 0, [{ name: 'A', percent: 99 }])).rejects.toMatchObject({ status: 400 });
  });
});
