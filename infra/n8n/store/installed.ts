import { signIn, type N8nClient } from '../client.ts';
import { withCredentials, credentialIds } from '../provision.ts';
import type { StoreTemplate } from './template.ts';

/** The n8n beside the platform. */
export interface Editor {
  url: string;
  owner: { email: string; password: string };
}

interface Listed {
  id: string;
  name: string;
  active: boolean;
  isArchived: boolean;
}

/** A workflow in n8n that a template became. */
export interface InstalledWorkflow {
  id: string;
  name: string;
  /** Published: it starts from events. */
  isRunning: boolean;
  url: string;
}

/** What n8n has of one template: the journey itself, and copies of it. */
export interface InstalledState {
  journey: InstalledWorkflow | undefined;
  copies: InstalledWorkflow[];
}

/** n8n's workflows, and a way to put one more into it. */
export interface Shelf {
  stateOf: (template: StoreTemplate) => InstalledState;
  /** Puts the template into n8n, not published, with its credentials, samples and error workflow; returns it. */
  install: (template: StoreTemplate) => Promise<InstalledWorkflow & { withoutErrorWorkflow: boolean }>;
}

/**
 * Opens shelves with one session: n8n takes few sign-ins a minute, fewer than a visitor opens pages. A session that n8n
 * no longer takes is replaced.
 */
export const shelfOpener = (): ((editor: Editor) => Promise<Shelf>) => {
  let session: { of: string; n8n: Promise<N8nClient> } | undefined;
  const signedIn = ({ url, owner }: Editor): Promise<N8nClient> => {
    if (session?.of !== url) session = { of: url, n8n: signIn(url, owner) };
    return session.n8n;
  };
  return async (editor) => {
    try {
      return await openShelf(editor, await signedIn(editor));
    } catch {
      session = undefined;
      return openShelf(editor, await signedIn(editor));
    }
  };
};

/** Reads which workflows n8n has. */
const openShelf = async (editor: Editor, n8n: N8nClient): Promise<Shelf> => {
  const listed = (await n8n.get<Listed[]>('/workflows')).filter(({ isArchived }) => !isArchived);
  const toInstalled = ({ id, name, active }: Listed): InstalledWorkflow => ({
    ...{ id, name, isRunning: active },
    url: new URL(`/workflow/${id}`, editor.url).href,
  });
  const stateOf = ({ name, title }: StoreTemplate): InstalledState => ({
    journey: listed.filter(({ id }) => id === name).map(toInstalled)[0],
    copies: listed.filter((one) => one.id !== name && isCopyOf(one.name, title)).map(toInstalled),
  });
  return { stateOf, install: (template) => install(n8n, { template, listed, toInstalled }) };
};

/** As n8n and this store name them: "Low stock alert 2", "Low stock alert copy", "Low stock alert (copy)". */
const isCopyOf = (name: string, title: string): boolean =>
  name === title || (name.startsWith(title) && /^\s*(\(?copy\b|\d+$)/i.test(name.slice(title.length)));

interface Installing {
  template: StoreTemplate;
  listed: readonly Listed[];
  toInstalled: (one: Listed) => InstalledWorkflow;
}

const install = async (n8n: N8nClient, { template, listed, toInstalled }: Installing) => {
  const {
    id,
    active: _active,
    settings,
    name,
    ...content
  } = withCredentials(template.workflow, await credentialIds(n8n));
  const { errorWorkflow, ...otherSettings } = settings;
  const isThere = (wanted: unknown): boolean => listed.some((one) => one.id === wanted);
  const created = await n8n.post<Listed>('/workflows', {
    ...content,
    // n8n keeps an archived workflow's id too: then, as beside the journey itself, a copy gets one of its own.
    ...(isThere(id) || (await isKept(n8n, id)) ? { name: `${name} (copy)` } : { id, name }),
    settings: isThere(errorWorkflow) ? settings : otherSettings,
  });
  return { ...toInstalled(created), withoutErrorWorkflow: errorWorkflow !== undefined && !isThere(errorWorkflow) };
};

const isKept = (n8n: N8nClient, id: string): Promise<boolean> =>
  n8n.get(`/workflows/${id}`).then(
    () => true,
    () => false,
  );
