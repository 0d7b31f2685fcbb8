import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { deadLettersOf, environment, headersOf, numberIn, numbers, openBench, range, until } from './testing.ts';

let platform: TestPlatform;
const client = () => platform.client(eventsContract);
const { clear, publish, receiverHere, subscribe } = openBench(client);

beforeAll(async () => {
  platform = await startTestPlatform({ services: [events], environment });
});
afterEach(clear);
afterAll(() => platform.stop());

describe('a delivery', () => {
  test('is a signed request that carries the event as journeys get it', async () => {
    const receiver = await receiverHere();
    const { id: subscriptionId, secret } = await subscribe(receiver, 'custom.signed', { externalId: 'n8n-1' });
    const { id } = await client().publishEvent({ type: 'custom.signed', subject: 'cus_1', data: { n: 5 } });
    await until('it arrives', () => receiver.deliveries.length > 0);
    const [delivered] = receiver.deliveries;
    expect(delivered?.event).toMatchObject({
      id,
      type: 'custom.signed',
      source: '/events',
      subject: 'cus_1',
      sequence: 1,
      data: { n: 5 },
      kafka: { topic: 'commerce.events', key: 'cus_1' },
    });
    expect(JSON.parse(delivered?.body ?? '')).toMatchObject({ specversion: '1.0' });
    const headers = delivered?.headers ?? {};
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': id,
      'x-correlation-id': delivered?.event.correlationid,
    });
    // Standard Webhooks: the base64 after whsec_ is the key of an HMAC-SHA256 over id.timestamp.body.
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const signed = `${id}.${String(headers['webhook-timestamp'])}.${delivered?.body ?? ''}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(300);

    const { secret: newer } = await client().rotateSecret({ subscriptionId });
    await client().publishEvent({ type: 'custom.signed', subject: 'cus_1', data: { n: 6 } });
    await until('the next arrives', () => receiver.deliveries.length > 1);
    expect(String(receiver.deliveries[1]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect(newer).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { items } = await client().listSubscriptions({ externalId: 'n8n-1' });
    expect(items).toMatchObject([{ id: subscriptionId, state: 'active' }]);
    expect(JSON.stringify(items)).not.toContain('whsec_');
  });

  test('follows the previous one of its subject; many subjects go at the same time', async () => {
    const receiver = await receiverHere();
    const busy = new Set<string>();
    let overlaps = 0;
    receiver.respond = async ({ event }, response) => {
      if (busy.has(event.subject)) overlaps += 1;
      busy.add(event.subject);
      await sleep(15);
      busy.delete(event.subject);
      response.writeHead(200).end();
    };
    await subscribe(receiver, 'custom.ordered', { maxInFlight: 8 });
    await publish('custom.ordered', 120, 12);
    await until('all arrive', () => receiver.deliveries.length >= 120);
    expect(overlaps).toBe(0);
    expect(receiver.mostOpen).toBeGreaterThan(1);
    expect(receiver.mostOpen).toBeLessThanOrEqual(8);
    for (let subject = 0; subject < 12; subject += 1) {
      const own = receiver.deliveries.filter(({ event }) => event.subject === `s${subject}`);
      expect(numbers(own)).toEqual(range(10).map((index) => subject + 12 * index));
    }
  });

  test('is made only for wanted types and conditions', async () => {
    const receiver = await receiverHere();
    await subscribe(receiver, 'custom.filtered', {
      filter: { combine: 'all', conditions: [{ field: 'data.n', operator: 'greaterOrEqual', value: 8 }] },
    });
    await publish('custom.unwanted', 3);
    await publish('custom.filtered', 10);
    await until('the wanted arrive', () => receiver.deliveries.length >= 2);
    expect(numbers(receiver.deliveries)).toEqual([8, 9]);
  });

  test('that fails is tried again, and recorded', async () => {
    const receiver = await receiverHere();
    const { id: subscriptionId } = await subscribe(receiver, 'custom.flaky');
    let calls = 0;
    receiver.respond = (_delivered, response) => void response.writeHead((calls += 1) < 3 ? 500 : 200).end('busy');
    await publish('custom.flaky', 2);
    await until('both are done', () => calls === 4);
    expect(numbers(receiver.deliveries)).toEqual([0, 0, 0, 1]);
    await until('it is noted as delivered', async () =>
      (await client().listDeliveries({ subscriptionId })).items.some(({ state }) => state === 'delivered'),
    );
    const { items } = await client().listDeliveries({ subscriptionId });
    expect(items).toMatchObject([{ type: 'custom.flaky', attempts: 3, state: 'delivered' }]);
    await until('nothing is left', async () => (await client().listDeliveries({ subscriptionId })).lag === 0);
  });

  test('that always fails goes to the dead letters unchanged, with its history, and blocks nothing', async () => {
    const receiver = await receiverHere();
    const { id } = await subscribe(receiver, 'custom.hopeless', { maxAttempts: 3, externalId: 'wf-9' });
    receiver.respond = (delivered, response) => void response.writeHead(numberIn(delivered) === 1 ? 422 : 200).end();
    await publish('custom.hopeless', 3);
    await until('the others are delivered', () => numbers(receiver.deliveries).includes(2));
    expect(numbers(receiver.deliveries)).toEqual([0, 1, 1, 1, 2]);
    const letters = await deadLettersOf(platform.kafka, id);
    expect(letters).toHaveLength(1);
    expect(headersOf(letters[0])).toMatchObject({
      ce_type: 'custom.hopeless',
      dlq_attempts: '3',
      dlq_status: '422',
      dlq_external_id: 'wf-9',
      dlq_group: `push-${id}`,
      dlq_kind: 'failed',
      dlq_topic: 'commerce.events',
    });
    expect(letters[0]?.value?.toString()).toBe('{"n":1}');
    expect((await client().listDeliveries({ subscriptionId: id, state: 'dead_lettered' })).items).toHaveLength(1);
  });

  test('without a response within the deadline is a failure', async () => {
    const receiver = await receiverHere();
    let calls = 0;
    receiver.respond = (_delivered, response) => {
      if ((calls += 1) > 1) response.writeHead(200).end();
    };
    const { id: subscriptionId } = await subscribe(receiver, 'custom.slow', { deadlineSeconds: 1 });
    await publish('custom.slow', 1);
    await until('it is tried again', () => calls === 2);
    await until('it is noted', async () => (await client().listDeliveries({ subscriptionId })).items.length === 1);
  });

  test('follows no redirect', async () => {
    const [receiver, elsewhere] = [await receiverHere(), await receiverHere()];
    receiver.respond = (_delivered, response) => void response.writeHead(307, { location: elsewhere.url }).end();
    const { id: subscriptionId } = await subscribe(receiver, 'custom.redirected', { maxAttempts: 2 });
    await publish('custom.redirected', 1);
    await until(
      'it is given up',
      async () => (await client().listDeliveries({ subscriptionId, state: 'dead_lettered' })).items.length === 1,
    );
    expect(elsewhere.deliveries).toHaveLength(0);
  });
});
