import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJourneys, workflowsFolder, type Journey, type WorkflowNode } from './journeys.ts';
import { safeParseWorkflowStructure } from 'n8n-workflow';

const journeys = await readJourneys();
const OURS = 'n8n-nodes-fusioncommerce.';
const WITH_ONE_VERSION = /Commerce(Limit|Split)$/;

const nodes = ({ workflow }: Journey): WorkflowNode[] => workflow.nodes.filter(({ type }) => !isNote(type));
const notes = ({ workflow }: Journey): WorkflowNode[] => workflow.nodes.filter(({ type }) => isNote(type));
const isNote = (type: string): boolean => type.endsWith('.stickyNote');
const outputs = ({ workflow }: Journey, name: string) => workflow.connections[name]?.['main'] ?? [];

test('there are journeys', () => expect(journeys.length).toBeGreaterThanOrEqual(5));

describe.each(journeys.map((journey) => [journey.name, journey] as const))('%s', (name, journey) => {
  const { workflow } = journey;
  const isErrorWorkflow = workflow.nodes.some(({ type }) => type === 'n8n-nodes-base.errorTrigger');

  test('n8n can read it, and it is called as its folder', () => {
    expect(safeParseWorkflowStructure(workflow)).toMatchObject({ success: true });
    expect(workflow.id).toBe(name);
  });

  test('it comes switched off, from nobody’s instance, without code and environment', () => {
    expect(workflow.active).toBe(false);
    expect(JSON.stringify(workflow)).not.toMatch(/instanceId|\$env|n8n-nodes-base\.(code|function)/);
  });

  test('its nodes are of the newest version', () => {
    const ours = nodes(journey).filter(({ type }) => type.startsWith(OURS));
    const outdated = ours.filter(({ type, typeVersion }) => typeVersion < (WITH_ONE_VERSION.test(type) ? 1 : 2));
    expect(outdated.map((node) => node.name)).toEqual([]);
  });

  test('its credentials are placeholders that the example file explains', async () => {
    const example = JSON.parse(await readFile(join(workflowsFolder, name, 'credentials.example.json'), 'utf8')) as {
      id: string;
      name: string;
      type: string;
    }[];
    const used = new Set(
      nodes(journey).flatMap(({ credentials = {} }) =>
        Object.entries(credentials).map(([type, credential]) => JSON.stringify([type, credential.id, credential.name])),
      ),
    );
    expect([...used].toSorted()).toEqual(example.map((one) => JSON.stringify([one.type, one.id, one.name])).toSorted());
  });

  test('a yellow note top left gives the overview, white ones the sections', () => {
    const [overview, ...sections] = notes(journey);
    const words = String(overview?.parameters['content']).split(/\s+/).length;
    expect(words).toBeGreaterThanOrEqual(100);
    expect(words).toBeLessThanOrEqual(300);
    expect(String(overview?.parameters['content'])).toMatch(/### How it works[\s\S]*### Setup/);
    expect(overview?.parameters['color']).toBeUndefined();
    for (const other of workflow.nodes.filter((node) => node !== overview))
      expect(other.position[0]).toBeGreaterThan(overview?.position[0] ?? 0);
    expect(sections.every(({ parameters }) => parameters['color'] === 7)).toBe(true);
  });

  test('six working nodes at least, none over another', () => {
    expect(nodes(journey).length).toBeGreaterThanOrEqual(6);
    const boxes = nodes(journey).map(({ position: [x, y] }) => ({ x, y }));
    const overlapping = boxes.filter((box, index) =>
      boxes.some((other, at) => at > index && Math.abs(box.x - other.x) < 112 && Math.abs(box.y - other.y) < 112),
    );
    expect(overlapping).toEqual([]);
  });

  test('every node is reached, and every name in an expression is a node of it', () => {
    const names = new Set(nodes(journey).map((node) => node.name));
    const reached = new Set(
      Object.values(workflow.connections)
        .flatMap((by) => Object.values(by).flatMap((lists) => lists.flatMap((list) => list ?? [])))
        .map(({ node }) => node),
    );
    const unreached = nodes(journey).filter((node) => !reached.has(node.name) && !/trigger$/i.test(node.type));
    expect(unreached.map((node) => node.name)).toEqual([]);
    const mentioned = [...JSON.stringify(nodes(journey)).matchAll(/\$\('([^']+)'\)/g)].map(([, found]) => found ?? '');
    expect(mentioned.filter((found) => !names.has(found))).toEqual([]);
  });

  test('what can fail has a way out that is drawn', () => {
    const forked = nodes(journey).filter(({ onError }) => onError === 'continueErrorOutput');
    expect(forked.length).toBeGreaterThan(0);
    for (const node of forked) expect(outputs(journey, node.name)[1] ?? []).not.toEqual([]);
    if (!isErrorWorkflow) {
      expect(journeys.map((other) => other.workflow.id)).toContain(workflow.settings['errorWorkflow']);
      expect(nodes(journey).some(({ type }) => type === 'n8n-nodes-base.stopAndError')).toBe(true);
    }
  });

  test('who waits for a person waits no longer than it says', () => {
    for (const { type, parameters } of nodes(journey)) {
      if (
        type === 'n8n-nodes-base.wait' &&
        parameters['resume'] !== undefined &&
        parameters['resume'] !== 'timeInterval'
      )
        expect(parameters['limitWaitTime']).toBe(true);
    }
  });

  test('pinned data lets it run with nothing else running', () => {
    const pinned = Object.keys(workflow.pinData ?? {}).toSorted();
    const needed = nodes(journey).filter(
      ({ type }) => type.startsWith(OURS) || /\.(errorTrigger|httpRequest)$/.test(type),
    );
    expect(pinned).toEqual(needed.map((node) => node.name).toSorted());
  });

  test('a README and a picture of its canvas lie beside it', async () => {
    const readme = await readFile(join(workflowsFolder, name, 'README.md'), 'utf8');
    for (const part of ['canvas.png', '**For**', '## How it works', '## Set-up', '## Change it'])
      expect(readme).toContain(part);
    await access(join(workflowsFolder, name, 'canvas.png'));
  });
});
