import { expect, test } from '@jest/globals';
import { createMetrics } from './metrics.ts';

test('the page stays short with every operation of a large platform on it', async () => {
  const { registry, requests } = createMetrics();
  for (let operation = 0; operation < 224; operation += 1)
    for (const status of [200, 400, 404])
      requests.observe({ service: 'orders', operation: `operation${operation}`, status }, 0.02);
  const page = await registry.metrics();
  expect(page.length).toBeLessThan(260_000);
  expect(page).toContain('http_requests_total{service="orders",operation="operation1",status="404"} 1');
  expect(page).toContain('http_request_duration_seconds_bucket{le="0.05",service="orders",operation="operation1"} 3');
});
