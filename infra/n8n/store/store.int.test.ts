import { catalog } from '../../../microservices/catalog/index.ts';
import { inventoryAway } from '../../test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../test/platform.ts';
import { readJourneys } from '../journeys.ts';
import { journeyStore } from './index.ts';
import type { Editor } from './installed.ts';

let platform: TestPlatform;
let editor: Editor | undefined;
beforeAll(async () => {
  const { pages } = await journeyStore(await readJourneys(), { editor: () => editor, url: () => undefined });
  platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway], routes: [pages] });
});
afterAll(() => platform.stop());
afterEach(() => {
  editor = undefined;
});

const read = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${platform.url}/templates${path}`, init);
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
};
const elsewhere = { headers: { 'x-forwarded-for': '203.0.113.7' } };

test('every journey is in a category, with its picture, what it is for and the icons of its nodes', async () => {
  const { text } = await read('');
  for (const { name, workflow } of await readJourneys()) {
    expect(text).toContain(`src="/templates/${name}/canvas.png"`);
    const page = await read(`/${name}`);
    expect([name, page.status]).toEqual([name, 200]);
    expect(page.text).toMatch(/<p class="lead">\s*For [^<]{20,}/);
    expect(page.text).toContain('alt="FusionCommerce ');
    for (const { name: credential } of workflow.nodes.flatMap(({ credentials = {} }) => Object.values(credentials)))
      expect(page.text).toContain(credential);
  }
  for (const category of ['Orders', 'Customers', 'Stock', 'Operations']) expect(text).toContain(`>${category}</h2>`);
  expect((await read('/low-stock-alert/canvas.png')).type).toBe('image/png');
});

test('a template says what has to be filled in, which systems it calls, and who is told when it fails', async () => {
  const { text } = await read('/supplier-order-once-per-event');
  expect(text).toContain('<code>supplierUrl</code>');
  expect(text).toContain('Order at Supplier');
  expect(text).toContain('href="/templates/journey-failed"');
  expect(text).toContain('you, when it is filled in');
  expect(text).not.toMatch(/\*\*|canvas\.png\)|undefined/);
});

test('the file comes as it is in the repository; a name that there is not is refused with those that there are', async () => {
  const [journey] = await readJourneys();
  expect(JSON.parse((await read(`/${journey?.name}/workflow.json`)).text)).toEqual(journey?.workflow);
  const missing = await read('/nothing-like-it');
  expect([missing.status, missing.text]).toEqual([404, expect.stringContaining('low-stock-alert')]);
});

test('without n8n the page says so, and an import is refused in words', async () => {
  expect((await read('/low-stock-alert')).text).toContain('n8n does not run beside this platform now');
  const post = { method: 'POST', headers: { origin: platform.url } };
  expect(await read('/low-stock-alert/import', post)).toMatchObject({ status: 503 });
  editor = { url: 'http://127.0.0.1:9', owner: { email: 'owner@example.com', password: 'none' } };
  expect((await read('/low-stock-alert')).text).toContain('n8n does not run beside this platform now');
});

test('visitors from elsewhere and pages of others may not import', async () => {
  editor = { url: 'http://127.0.0.1:9', owner: { email: 'owner@example.com', password: 'none' } };
  expect((await read('/low-stock-alert', elsewhere)).text).toContain('Import from File');
  for (const headers of [{}, { origin: 'http://evil.example' }, { origin: platform.url, ...elsewhere.headers }])
    expect(await read('/low-stock-alert/import', { method: 'POST', headers })).toMatchObject({ status: 403 });
});
