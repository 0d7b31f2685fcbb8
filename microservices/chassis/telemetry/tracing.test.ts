import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, propagation, trace } from '@opentelemetry/api';
import { expect, test } from '@jest/globals';
import { inSpan, startTracing } from './tracing.ts';

test('spans go to the endpoint, at the latest at the end', async () => {
  // Only the first of a process is registered.
  for (const api of [trace, context, propagation]) api.disable();
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
    for (const api of [trace, context, propagation]) api.disable();
    server.closeAllConnections();
    server.close();
  }
  expect(received).toEqual(['POST /v1/traces']);
});
