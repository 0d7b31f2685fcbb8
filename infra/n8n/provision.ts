import type { N8nClient } from './client.ts';
import type { Journey, WorkflowFile } from './journeys.ts';

/** A credential as n8n keeps it; the name is what templates refer to it by. */
export interface Credential {
  name: string;
  type: string;
  data: Record<string, unknown>;
}

/**
 * Journeys that were put into n8n and when, kept beside it: tells a changed template from a journey that a person
 * changed.
 */
export type Published = Record<string, { hash: string; versionId: string }>;

interface StoredWorkflow {
  id: string;
  versionId: string;
  active: boolean;
  isArchived: boolean;
}

/**
 * Puts credentials and journeys into a running n8n and publishes them, but for those that a person has to; safe to
 * repeat. A journey that somebody changed in the editor stays as they left it; one that nobody touched follows its
 * template. Returns what is published now.
 */
export const provision = async (
  n8n: N8nClient,
  {
    credentials,
    journeys,
    before,
  }: { credentials: readonly Credential[]; journeys: readonly Journey[]; before: Published },
): Promise<Published> => {
  const ids = await putCredentials(n8n, credentials);
  const published: Published = {};
  for (const journey of journeys) {
    const known = before[journey.workflow.id];
    published[journey.workflow.id] = await putJourney(n8n, journey, known, ids);
  }
  return published;
};

/**
 * Creates or renews credentials; addresses and keys may have changed since the last start. Returns their ids by type
 * and name.
 */
const putCredentials = async (n8n: N8nClient, wanted: readonly Credential[]): Promise<Map<string, string>> => {
  const ids = await credentialIds(n8n);
  for (const credential of wanted) {
    const known = ids.get(keyOf(credential.type, credential.name));
    const { id } = known
      ? await n8n.patch<{ id: string }>(`/credentials/${known}`, credential)
      : await n8n.post<{ id: string }>('/credentials', credential);
    ids.set(keyOf(credential.type, credential.name), id);
  }
  return ids;
};

/** Ids of the credentials that n8n has, by type and name. */
export const credentialIds = async (n8n: N8nClient): Promise<Map<string, string>> => {
  const existing = await n8n.get<{ id: string; name: string; type: string }[]>('/credentials');
  return new Map(existing.map(({ id, name, type }) => [keyOf(type, name), id]));
};

const keyOf = (type: string, name: string): string => `${type} ${name}`;

const putJourney = async (
  n8n: N8nClient,
  { workflow, hash }: Journey,
  known: Published[string] | undefined,
  credentialIds: Map<string, string>,
): Promise<Published[string]> => {
  const stored = await n8n.get<StoredWorkflow>(`/workflows/${workflow.id}`).catch(() => undefined);
  const content = withCredentials(workflow, credentialIds);
  const isPublished = workflow.meta?.['publish'] !== false;
  if (!stored) {
    const { active: _active, ...created } = content;
    const { versionId } = await n8n.post<StoredWorkflow>('/workflows', created);
    return isPublished ? publish(n8n, workflow.id, { hash, versionId }) : { hash, versionId };
  }
  const isUntouched = known?.versionId === stored.versionId;
  if (!isUntouched || stored.isArchived) return known ?? { hash, versionId: stored.versionId };
  if (known.hash === hash) return stored.active || !isPublished ? known : publish(n8n, workflow.id, known);
  const { id: _id, active: _active, ...changed } = content;
  const { versionId } = await n8n.patch<StoredWorkflow>(`/workflows/${workflow.id}`, {
    ...changed,
    versionId: stored.versionId,
  });
  return isPublished || stored.active ? publish(n8n, workflow.id, { hash, versionId }) : { hash, versionId };
};

const publish = async (n8n: N8nClient, id: string, state: Published[string]): Promise<Published[string]> => {
  const { versionId } = await n8n.post<StoredWorkflow>(`/workflows/${id}/activate`, { versionId: state.versionId });
  return { ...state, versionId };
};

/** Templates name their credentials; n8n gave them ids of its own. */
export const withCredentials = (workflow: WorkflowFile, ids: Map<string, string>): WorkflowFile => ({
  ...workflow,
  nodes: workflow.nodes.map((node) =>
    node.credentials
      ? {
          ...node,
          credentials: Object.fromEntries(
            Object.entries(node.credentials).map(([type, { id, name }]) => [
              type,
              { id: ids.get(keyOf(type, name)) ?? id, name },
            ]),
          ),
        }
      : node,
  ),
});
