import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../../microservices/chassis/client.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { signIn, type N8nClient } from '../n8n/client.ts';
import { readJourneys, type WorkflowFile } from '../n8n/journeys.ts';
import { readAccess, type Access } from '../platform/access.ts';
import { startCommand, type RunningCommand } from '../test/start-command.ts';

const until = untilWithin(60_000);

/** `npm start` with n8n, as a person has it: the stories of the demo, and templates that are imported. */
let folder: string;
let data: string;
let running: RunningCommand;
let access: Access;
let n8n: N8nClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-start-'));
  data = join(folder, 'data');
  // PostgreSQL runs as another user where we are root, and has to pass through.
  if (process.getuid?.() === 0) await chmod(folder, 0o711);
  running = await startCommand({
    file: 'local/main.ts',
    args: ['--data', data, '--port', '0', '--n8n-port', '0'],
    environment: { SHOP_TIME_ZONE: 'Asia/Tokyo' },
    log: join(folder, 'start.log'),
  });
  await running.untilSaid('Ready.');
  access = await readAccess(data);
  n8n = await signIn(access.n8nUrl ?? '', access.n8n);
}, 360_000);
afterAll(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test('n8n keeps the time zone of the shop', async () => {
  expect(await n8n.get('/settings')).toMatchObject({ timezone: 'Asia/Tokyo' });
});

test('what n8n’s Send Email node sends is read in the development inbox, without a mail server set up', async () => {
  const credentials = await n8n.get<{ id: string; name: string; type: string }[]>('/credentials');
  const { id = '', name = '' } = credentials.find(({ type }) => type === 'smtp') ?? {};
  const workflow = await n8n.post<{ id: string }>('/workflows', {
    ...{ name: 'Sends a message', active: false, settings: {} },
    nodes: [
      ...[
        {
          id: 'a',
          name: 'Start',
          type: 'n8n-nodes-base.manualTrigger',
          typeVersion: 1,
          position: [0, 0],
          parameters: {},
        },
      ],
      {
        ...{ id: 'b', name: 'Send', type: 'n8n-nodes-base.emailSend', typeVersion: 2.1, position: [200, 0] },
        parameters: {
          ...{ fromEmail: 'shop@example.com', toEmail: 'ada@example.com', subject: 'From the canvas' },
          ...{ emailFormat: 'text', text: 'Hello Ada', options: { appendAttribution: false } },
        },
        credentials: { smtp: { id, name } },
      },
    ],
    connections: { Start: { main: [[{ node: 'Send', type: 'main', index: 0 }]] } },
  });
  expect(await executed(workflow.id, 'Start')).toEqual(['success']);
  const inbox = createClient(notificationsContract, { url: url(), credential: access.adminKey });
  const { items } = await inbox.listDevInbox({ to: 'ada@example.com' });
  expect(items).toMatchObject([{ subject: 'From the canvas', text: 'Hello Ada\n', from: 'shop@example.com' }]);
}, 120_000);

const url = (): string => access.url ?? '';
const demo = async (...args: string[]) => {
  const log = join(folder, `demo${args.join('')}.log`);
  const command = await startCommand({ file: 'local/demo.ts', args: ['--data', data, ...args], environment: {}, log });
  return { ended: await command.ended, printed: await command.printed() };
};

test.each<[string[], RegExp]>([
  [['--orders', '2'], /2 of 2 orders of cus_\w+ confirmed/],
  [['--guest'], /order ord_\w+ confirmed in \d+ ms/],
  [['--abandon'], /the reminder of cart \w+ was sent/],
  [['--low-stock'], /staff were told that THROW-WOOL is low/],
  [['groups'], /3 of 3 orders of the team confirmed, 3 members thanked/],
])(
  'npm run demo -- %j comes to its good end',
  async (args, said) => {
    expect(await demo(...args)).toEqual({ ended: 'exit code 0', printed: expect.stringMatching(said) as string });
  },
  120_000,
);

test('npm run demo -- --customer orders for the customer who is named, and says who is not there', async () => {
  const customers = createClient(customersContract, { url: url(), credential: access.adminKey });
  const { id } = await customers.createCustomer({ name: 'Known', email: 'known@example.com' });
  const told = await demo('--orders', '2', '--customer', id);
  expect(told).toEqual({ ended: 'exit code 0', printed: expect.stringContaining(`2 of 2 orders of ${id}`) as string });
  const unknown = await demo('--customer', `cus_${'0'.repeat(32)}`);
  expect(unknown).toEqual({ ended: 'exit code 1', printed: expect.stringContaining('Customer not found') as string });
}, 120_000);

const template = async (name: string): Promise<WorkflowFile> => {
  const found = (await readJourneys()).find((journey) => journey.name === name);
  if (!found) throw new Error(`The template ${name} is gone`);
  return found.workflow;
};
const stored = (id: string) => n8n.get<WorkflowFile>(`/workflows/${id}`);
const named = async (name: string): Promise<string> => {
  const listed = await n8n.get<{ id: string; name: string }[]>('/workflows');
  return listed.find((workflow) => workflow.name === name)?.id ?? '';
};
const importFromStore = (name: string) =>
  fetch(`${url()}/templates/${name}/import`, { method: 'POST', headers: { origin: url() } });
/** "Execute workflow": what is pinned stands in for the nodes, so that nothing is moved. */
const executed = async (workflowId: string, trigger: string): Promise<string[]> => {
  await n8n.post(`/workflows/${workflowId}/run`, { triggerToStartFrom: { name: trigger } });
  const filter = encodeURIComponent(JSON.stringify({ workflowId }));
  const ended = await until(
    'the execution ended',
    async () => (await n8n.get<{ results: { status: string }[] }>(`/executions?filter=${filter}`)).results,
    (results) => results.length > 0 && results.every(({ status }) => status === 'success' || status === 'error'),
  );
  return ended.map(({ status }) => status);
};

test('the store imports a copy of what runs: with sample data, error workflow and credentials, not published', async () => {
  const { name, pinData = {}, settings, nodes } = await template('low-stock-alert');
  expect(await (await fetch(`${url()}/templates/low-stock-alert`)).text()).toContain('It runs already');
  const imported = await importFromStore('low-stock-alert');
  expect([imported.status, await imported.text()]).toEqual([201, expect.stringContaining(`${name} (copy) is in n8n`)]);
  const copy = await stored(await named(`${name} (copy)`));
  expect(copy).toMatchObject({ active: false, settings: { errorWorkflow: settings['errorWorkflow'] } });
  expect(Object.keys(copy.pinData ?? {}).toSorted()).toEqual(Object.keys(pinData).toSorted());
  const known = (await n8n.get<{ id: string }[]>('/credentials')).map(({ id }) => id);
  const used = copy.nodes.flatMap(({ credentials = {} }) => Object.values(credentials).map(({ id }) => id));
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((id) => !known.includes(id))).toEqual([]);
  const trigger = nodes.find(({ type }) => type.endsWith('fusionCommerceTrigger'))?.name ?? '';
  expect(await executed(copy.id, trigger)).toEqual(['success']);
}, 120_000);

test('a journey that was deleted is imported under its own name, and followed by copies', async () => {
  await n8n.post('/workflows/anniversary/archive', {});
  await n8n.delete('/workflows/anniversary');
  expect((await importFromStore('anniversary')).status).toBe(201);
  const { name } = await template('anniversary');
  expect(await stored('anniversary')).toMatchObject({ name, active: false });
  expect((await importFromStore('anniversary')).status).toBe(201);
  expect(await named(`${name} (copy)`)).toMatch(/./);
});

test('whoever looks at many pages of the store still sees what n8n has: it takes few sign-ins a minute', async () => {
  for (const { name } of await readJourneys())
    expect(await (await fetch(`${url()}/templates/${name}`)).text()).not.toContain('does not run beside');
});

/** What the editor asks of its template library, and what it makes of it once the credentials are chosen. */
const importFromEditor = async (title: string): Promise<WorkflowFile> => {
  const library = `${url()}/n8n-templates/templates`;
  const ask = async <Answer>(path: string) =>
    (await (await fetch(`${library}${path}`, { headers: { origin: access.n8nUrl ?? '' } })).json()) as Answer;
  const { workflows } = await ask<{ workflows: { id: number; name: string }[] }>('/search?rows=50');
  const found = workflows.find(({ name }) => name === title);
  const { workflow: full } = await ask<{
    workflow: { id: number; readyToDemo?: boolean; workflow: WorkflowFile };
  }>(`/workflows/${found?.id}`);
  const { nodes, connections, pinData } = full.workflow;
  const { name } = await n8n.get<{ name: string }>(`/workflows/new?name=${encodeURIComponent(title)}`);
  const { id } = await n8n.post<{ id: string }>('/workflows', {
    ...{ name, nodes, connections, active: false, meta: { templateId: String(full.id) } },
    pinData: full.readyToDemo ? pinData : {},
  });
  return stored(id);
};

test('the editor’s own import keeps the sample data and leaves the error workflow out', async () => {
  const { name, pinData = {}, settings } = await template('low-stock-alert');
  const imported = await importFromEditor(name);
  expect(Object.keys(imported.pinData ?? {}).toSorted()).toEqual(Object.keys(pinData).toSorted());
  expect(settings['errorWorkflow']).toBe('journey-failed');
  // n8n keeps none of a template's settings.
  expect((imported.settings as object | null) ?? {}).not.toHaveProperty('errorWorkflow');
}, 60_000);
