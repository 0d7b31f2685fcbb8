import { catalog } from '../../microservices/catalog/index.ts';
import { inventoryAway } from '../test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { readJourneys } from './journeys.ts';
import { journeyStore } from './store/index.ts';
import { TEMPLATES_PATH } from './template-library.ts';

let platform: TestPlatform;
beforeAll(async () => {
  const url = () => platform.url;
  const { library, pages } = await journeyStore(await readJourneys(), { editor: () => undefined, url });
  platform = await startTestPlatform({
    services: [catalog],
    remote: [inventoryAway],
    openRoutes: [library],
    routes: [pages],
  });
});
afterAll(() => platform.stop());

const EDITOR = 'http://127.0.0.1:5678';
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${platform.url}${TEMPLATES_PATH}${path}`, { ...init, headers: { origin: EDITOR, ...init.headers } });

test('the editor, on its own origin, may ask with its headers and its cookie', async () => {
  const preflight = await ask('/templates/search', {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'GET', 'access-control-request-headers': 'n8n-version,push-ref' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe(EDITOR);
  expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
  expect(preflight.headers.get('access-control-allow-headers')).toBe('n8n-version,push-ref');
  expect((await ask('/health')).headers.get('access-control-allow-origin')).toBe(EDITOR);
});

test('nothing else of the platform is opened to that origin', async () => {
  const answer = await fetch(`${platform.url}/v1/products`, { headers: { origin: EDITOR } });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('a template is found by its words and comes as the file is', async () => {
  const search = (await (await ask('/templates/search?search=warehouse')).json()) as {
    totalWorkflows: number;
    workflows: { id: number; name: string }[];
  };
  expect(search.workflows.map(({ name }) => name)).toEqual(['Refund and restock']);
  const [found] = search.workflows;
  const { workflow } = (await (await ask(`/workflows/templates/${found?.id}`)).json()) as { workflow: { id: string } };
  const file = (await readJourneys()).find(({ name }) => name === 'refund-and-restock')?.workflow;
  expect(workflow).toEqual(file);
  expect((await ask('/templates/workflows/99')).status).toBe(404);
});

test('the editor gets categories, the icons of our nodes, and no pictures, which it would not show', async () => {
  const { workflows } = (await (await ask('/templates/search?category=Stock&rows=50')).json()) as {
    workflows: {
      name: string;
      description: string;
      categories: { name: string }[];
      nodes: { displayName: string; iconData: { type: string; fileBuffer?: string } }[];
    }[];
  };
  expect(workflows.map(({ name }) => name)).toEqual(['Low stock alert', 'Supplier order once per event']);
  const [low] = workflows;
  expect(low?.categories).toEqual([{ id: 3, name: 'Stock' }]);
  const icon = low?.nodes.find(({ displayName }) => displayName === 'FusionCommerce Inventory')?.iconData;
  expect(icon?.type).toBe('file');
  expect(icon?.fileBuffer).toMatch(/^data:image\/svg\+xml;base64,/);
  expect(low?.description).not.toContain('](canvas.png)');
  expect(low?.description).not.toContain('![');
});
