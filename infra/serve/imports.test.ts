import { fileURLToPath } from 'node:url';
import { reachedFrom } from '../image/reached-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('what runs in production reaches every service, and no engine, n8n, demo, node or test', async () => {
  const { files, packages } = await reachedFrom(root, 'infra/serve/main.ts');
  for (const service of ['microservices/orders/service.ts', 'ai/fraud/index.ts', 'microservices/gateway/index.ts'])
    expect([...files]).toContain(service);
  const allowed = /^(microservices|ai)\/|^infra\/(serve|platform|process)\//;
  expect([...files].filter((file) => !allowed.test(file))).toEqual([]);
  expect([...files].filter((file) => /\.test\.ts$|\/testing\//.test(file))).toEqual([]);
  expect([...packages].filter((name) => /embedded|^n8n|^@n8n|jest|puppeteer/.test(name))).toEqual([]);
});
