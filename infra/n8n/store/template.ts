import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { workflowsFolder, type Journey, type WorkflowFile, type WorkflowNode } from '../journeys.ts';

export const CATEGORIES = ['Orders', 'Customers', 'Stock', 'Operations'] as const;
export type Category = (typeof CATEGORIES)[number];

/** What somebody has to have or to fill in before a journey can run. */
interface Needs {
  /** Names of credentials, as the nodes refer to them. */
  credentials: string[];
  /** Names of its FusionCommerce nodes: the services that have to run. */
  services: string[];
  /** Values of the node Shop Settings. */
  settings: { name: string; value: string }[];
  /** Nodes that call systems which are not ours. */
  otherSystems: string[];
  /** Id of the workflow that is told of failures. */
  errorWorkflow: string | undefined;
}

/** A journey as the store shows it. */
export interface StoreTemplate {
  /** Folder and id. */
  name: string;
  title: string;
  /** For whom it is, in a sentence or two. */
  summary: string;
  category: Category;
  readme: string;
  needs: Needs;
  nodeTypes: string[];
  /** npm start does not publish it: a person has to, after filling it in. */
  isPublishedByHand: boolean;
  /** ISO 8601. */
  changedAt: string;
  workflow: WorkflowFile;
}

/** Reads what the store needs of the journeys, sorted by title. */
export const readTemplates = async (journeys: readonly Journey[]): Promise<StoreTemplate[]> => {
  const templates = await Promise.all(
    journeys.map(async ({ name, workflow }) => {
      const file = join(workflowsFolder, name, 'workflow.json');
      const readme = await readFile(join(workflowsFolder, name, 'README.md'), 'utf8');
      return templateOf({ name, workflow }, readme, (await stat(file)).mtime);
    }),
  );
  return templates.toSorted((left, right) => left.title.localeCompare(right.title));
};

const templateOf = (
  { name, workflow }: Pick<Journey, 'name' | 'workflow'>,
  readme: string,
  changed: Date,
): StoreTemplate => ({
  name,
  title: workflow.name,
  summary: summaryOf(readme),
  category: categoryOf(workflow.nodes),
  readme,
  needs: needsOf(workflow),
  nodeTypes: [...new Set(workflow.nodes.map(({ type }) => type))].filter((type) => !type.endsWith('.stickyNote')),
  isPublishedByHand: workflow.meta?.['publish'] === false,
  changedAt: changed.toISOString(),
  workflow,
});

/** The paragraph that begins with "For", in plain text. */
const summaryOf = (readme: string): string => {
  const paragraph = /^\*\*For\*\* ([^]*?)(?:\n\s*\n|$)/m.exec(readme)?.[1] ?? '';
  return `For ${paragraph
    .replaceAll(/[*_`]|\]\([^)]*\)|\[/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()}`;
};

const OURS = 'n8n-nodes-fusioncommerce.';

/** By what a journey starts from; one that starts by the clock, by what it works with. */
const categoryOf = (nodes: readonly WorkflowNode[]): Category => {
  const started = nodes.flatMap(({ parameters }) => (parameters['eventTypes'] as string[] | undefined) ?? []).join(' ');
  if (/\b(order|refund|return|fraud)\./.test(started)) return 'Orders';
  if (/\b(inventory|stock)\./.test(started)) return 'Stock';
  if (/\b(cart|customer|wallet|price)\./.test(started)) return 'Customers';
  return nodes.some(({ type }) => type === `${OURS}fusionCommerceCustomer`) ? 'Customers' : 'Operations';
};

const needsOf = ({ nodes, settings }: WorkflowFile): Needs => ({
  credentials: sorted(nodes.flatMap(({ credentials = {} }) => Object.values(credentials).map(({ name }) => name))),
  services: sorted(
    nodes
      .filter(({ type }) => type.startsWith(OURS) && !type.endsWith('Trigger'))
      .map(({ type }) => spaced(type.slice(OURS.length).replace(/^fusionCommerce/, ''))),
  ),
  settings: nodes.filter(({ name }) => name === 'Shop Settings').flatMap(assignmentsOf),
  otherSystems: nodes
    .filter(({ type }) => !type.startsWith(OURS) && /\.(httpRequest|emailSend|slack|googleSheets)$/.test(type))
    .map(({ name }) => name),
  errorWorkflow: settings['errorWorkflow'] as string | undefined,
});

const sorted = (values: readonly string[]): string[] => [...new Set(values)].toSorted();

/** "WaitForEvent" as a person writes it. */
export const spaced = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');

interface Assignment {
  name: string;
  value: unknown;
}

const assignmentsOf = ({ parameters }: WorkflowNode): { name: string; value: string }[] => {
  const { assignments = [] } = (parameters['assignments'] ?? {}) as { assignments?: Assignment[] };
  return assignments.map(({ name, value }) => ({ name, value: String(value) }));
};
