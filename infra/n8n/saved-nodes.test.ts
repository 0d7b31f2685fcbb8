import { join } from 'node:path';
import { NodeHelpers, type INode, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { nodeSources, root } from '../n8n-package/files.ts';
import { readJourneys, type WorkflowNode } from './journeys.ts';

const OURS = 'n8n-nodes-fusioncommerce.';

/** Every node of the package, by its type. */
const descriptions = new Map<string, INodeTypeDescription>(
  await Promise.all(
    nodeSources().map(async ({ file, className }) => {
      const module = (await import(join(root, file))) as Record<string, new () => INodeType>;
      const Node = module[className];
      if (!Node) throw new Error(`${file} must export the class ${className}: n8n finds it by that name`);
      const { description } = new Node();
      return [`${OURS}${description.name}`, description] as const;
    }),
  ),
);

const describedBy = ({ type, name }: WorkflowNode): INodeTypeDescription => {
  const description = descriptions.get(type);
  if (!description) throw new Error(`${name} is of the type ${type}, which the package does not have`);
  return description;
};

/** n8n reads a node from the same JSON; that it can, templates.test.ts sees. */
const asRead = (saved: WorkflowNode) => saved as unknown as INode;

/** The parameters that n8n keeps when it loads a saved node: those that its form shows. */
const kept = (saved: WorkflowNode) => {
  const description = describedBy(saved);
  const node = asRead(saved);
  return NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description);
};

/** The fields that n8n marks red on a saved node: empty ones that are required. */
const issuesOf = (saved: WorkflowNode) => {
  const description = describedBy(saved);
  return NodeHelpers.getNodeParametersIssues(description.properties, asRead(saved), description);
};

/** Choices of a saved node that its form does not offer there; n8n itself does not look at them before it runs. */
const unknownChoices = (saved: WorkflowNode): string[] => {
  const description = describedBy(saved);
  const node = asRead(saved);
  return description.properties
    .filter(({ type, options }) => (type === 'options' || type === 'multiOptions') && options)
    .filter((property) => NodeHelpers.displayParameter(node.parameters, property, node, description))
    .flatMap(({ name, options = [] }) => {
      const offered = options.flatMap((option) => ('value' in option ? [String(option.value)] : []));
      const chosen = [saved.parameters[name] ?? []].flat().map(String);
      return chosen
        .filter((value) => !value.startsWith('=') && !offered.includes(value))
        .map((value) => `${name} ${value}`);
    });
};

const savedNodes = (await readJourneys()).flatMap(({ name, workflow }) =>
  workflow.nodes.filter(({ type }) => type.startsWith(OURS)).map((node) => [name, node.name, node] as const),
);

const savedCalled = (wanted: string): WorkflowNode => {
  const found = savedNodes.find(([, name]) => name === wanted);
  if (!found) throw new Error(`No journey has a node ${wanted} any more: choose another one here`);
  return found[2];
};

test('the journeys use our nodes', () => expect(savedNodes.length).toBeGreaterThan(0));

describe.each(savedNodes)('%s: %s', (_journey, _name, node) => {
  test('its type has that version, and the form has all that it asks for', () => {
    expect([describedBy(node).version].flat()).toContain(node.typeVersion);
    expect(issuesOf(node)).toBeNull();
    expect(unknownChoices(node)).toEqual([]);
  });

  test('every parameter is one of the form, shown where it stands', () => {
    expect(kept(node)).toMatchObject(node.parameters);
  });
});

describe('these tests find', () => {
  const node = savedCalled('Get Order');
  const changed = (more: Record<string, unknown>): WorkflowNode => ({
    ...node,
    parameters: { ...node.parameters, ...more },
  });

  test.each([
    ['that no form has', { unheardOf: 1 }],
    ['of another operation', { text: 'A note' }],
    ['inside a collection that it does not have', { options: { unheardOf: 1 } }],
  ])('a parameter %s', (_what, more) => expect(kept(changed(more))).not.toMatchObject(more));

  test.each(['resource', 'operation'])('an unknown %s', (name) =>
    expect(unknownChoices(changed({ [name]: 'unheardOf' }))).toContain(`${name} unheardOf`),
  );

  test('an event type that nobody publishes', () => {
    const trigger = savedCalled('Order Created');
    expect(unknownChoices({ ...trigger, parameters: { eventTypes: ['order.unheard_of'] } })).toEqual([
      'eventTypes order.unheard_of',
    ]);
  });

  test('an empty field that must not be', () =>
    expect(issuesOf(changed({ orderId: { __rl: true, mode: 'id', value: '' } }))).toHaveProperty('parameters.orderId'));
});
