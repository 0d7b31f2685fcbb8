import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const workflowsFolder = new URL('../../workflows/', import.meta.url).pathname;

/** A workflow as n8n exports and imports it; what we do not look at passes through. */
export interface WorkflowFile {
  id: string;
  name: string;
  nodes: WorkflowNode[];
  connections: Record<string, Record<string, ({ node: string; type: string; index: number }[] | null)[]>>;
  settings: Record<string, unknown>;
  pinData?: Record<string, { json: unknown }[]>;
  active: boolean;
  meta?: Record<string, unknown>;
}

export interface WorkflowNode {
  id: string;
  name: string;
  type: string;
  typeVersion: number;
  position: [number, number];
  parameters: Record<string, unknown>;
  credentials?: Record<string, { id: string; name: string }>;
  onError?: string;
  disabled?: boolean;
}

/** One journey template: a folder of `workflows/`. */
export interface Journey {
  /** The folder's name. */
  name: string;
  workflow: WorkflowFile;
  /** Tells one state of the template from another. */
  hash: string;
}

/** Every journey, those that others call first. */
export const readJourneys = async (folder: string = workflowsFolder): Promise<Journey[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const journeys = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(({ name }) => readJourney(folder, name)),
  );
  const isCalled = new Set(journeys.map(({ workflow }) => workflow.settings['errorWorkflow']));
  return journeys.toSorted(
    (left, right) =>
      Number(isCalled.has(right.workflow.id)) - Number(isCalled.has(left.workflow.id)) ||
      left.name.localeCompare(right.name),
  );
};

const readJourney = async (folder: string, name: string): Promise<Journey> => {
  const text = await readFile(join(folder, name, 'workflow.json'), 'utf8');
  return { name, workflow: JSON.parse(text) as WorkflowFile, hash: createHash('sha256').update(text).digest('hex') };
};
