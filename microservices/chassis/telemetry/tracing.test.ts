import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, propagation, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { currentTraceparent, inSpan, startTracing } from './tracing.ts';

// Only the first of a process is registered.
const forget = (): void => {
  for (const api of [trace, context, propagation]) api.disable();
};
beforeEach(forget);
afterEach(forget);

test('spans go to the endpoint, at the latest at the end', async () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      received.push(`${request.method} ${request.url}`);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const stop = await startTracing(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await inSpan({ name: 'work', kind: 'server' }, async () => undefined);
    await stop();
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect(received).toEqual(['POST /v1/traces']);
});

test('without an endpoint nothing is recorded, and trace ids travel', async () => {
  const stop = await startTracing(undefined);
  const isRecording = (): boolean | undefined => trace.getActiveSpan()?.isRecording();
  const [outer, inner, recorded] = await inSpan({ name: 'outer', kind: 'server' }, async () => [
    currentTraceparent(),
    await inSpan({ name: 'inner', kind: 'client' }, async () => currentTraceparent()),
    isRecording(),
  ]);
  await stop();
  expect([outer, inner]).toEqual([
    expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
    expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
  ]);
  expect(String(inner).slice(0, 35)).toBe(String(outer).slice(0, 35));
  expect(inner).not.toBe(outer);
  expect(recorded).toBe(false);
});

test('a trace that the caller samples stays sampled for those who are asked next', async () => {
  const stop = await startTracing(undefined);
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';
  const sent = await inSpan({ name: 'work', kind: 'server', traceparent: `00-${id}-00f067aa0ba902b7-01` }, async () =>
    currentTraceparent(),
  );
  await stop();
  expect(sent).toMatch(new RegExp(`^00-${id}-[0-9a-f]{16}-01$`));
});
