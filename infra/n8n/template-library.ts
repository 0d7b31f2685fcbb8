import { Router, type RequestHandler } from 'express';
import cors from 'cors';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { workflowsFolder, type Journey } from './journeys.ts';

/** Where the library answers below the gateway; n8n is told this as N8N_TEMPLATES_HOST. */
export const TEMPLATES_PATH = '/n8n-templates';

const CATEGORY = { id: 1, name: 'Commerce journeys' };

interface Template {
  id: number;
  name: string;
  description: string;
  /** ISO 8601. */
  changedAt: string;
  workflow: Journey['workflow'];
}

/**
 * n8n's template API over our own journeys, so that merchants find and import them inside the editor (docs.n8n.io,
 * "Configure a custom workflow templates library"). Open to every origin, with whatever headers and credentials the
 * editor sends along (none is looked at): templates are public and hold no secret.
 */
export const templateLibrary = async (journeys: readonly Journey[]): Promise<RequestHandler> => {
  const templates = await Promise.all(
    journeys
      .toSorted((left, right) => left.name.localeCompare(right.name))
      .map(async ({ name, workflow }, index) => ({
        id: index + 1,
        name: workflow.name,
        description: await readFile(join(workflowsFolder, name, 'README.md'), 'utf8'),
        changedAt: (await stat(join(workflowsFolder, name, 'workflow.json'))).mtime.toISOString(),
        workflow,
      })),
  );
  const byId = (id: string | string[] | undefined): Template | undefined =>
    templates.find((template) => String(template.id) === id);
  const library = Router();
  library.get('/health', (_request, response) => void response.json({ status: 'OK' }));
  library.get('/templates/categories', (_request, response) => void response.json({ categories: [CATEGORY] }));
  library.get('/templates/collections', (_request, response) => void response.json({ collections: [] }));
  library.get('/templates/search', (request, response) => void response.json(found(templates, request.query)));
  library.get('/templates/workflows/:id', (request, response, next) => {
    const template = byId(request.params.id);
    if (!template) return next();
    response.json({ workflow: { ...summary(template), full: true, workflow: template.workflow } });
  });
  library.get('/workflows/templates/:id', (request, response, next) => {
    const template = byId(request.params.id);
    if (!template) return next();
    response.json({ id: template.id, name: template.name, workflow: template.workflow });
  });
  return Router().use(
    TEMPLATES_PATH,
    cors({ origin: true, credentials: true, methods: ['GET'] }),
    library,
  ) as RequestHandler;
};

const found = (templates: readonly Template[], query: Record<string, unknown>) => {
  const words = String(typeof query['search'] === 'string' ? query['search'] : '').toLowerCase();
  const rows = Math.min(100, Math.max(1, Number(query['rows']) || 20));
  const page = Math.max(1, Number(query['page']) || 1);
  const fitting = templates.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(words));
  return {
    totalWorkflows: fitting.length,
    workflows: fitting.slice((page - 1) * rows, page * rows).map(summary),
    filters: [
      {
        field_name: 'nodes.codex.data.categories',
        counts: [{ value: CATEGORY.name, count: fitting.length, highlighted: CATEGORY.name }],
        stats: { total_values: 1 },
      },
    ],
  };
};

/** A template as the editor's list and preview show it. */
const summary = ({ id, name, description, changedAt, workflow }: Template) => ({
  id,
  name,
  description,
  createdAt: changedAt,
  totalViews: 0,
  purchaseUrl: null,
  price: null,
  recentViews: 0,
  image: [],
  categories: [CATEGORY],
  user: { id: 1, name: 'FusionCommerce', username: 'fusioncommerce', verified: true, bio: '', links: [], avatar: '' },
  nodes: [...new Set(workflow.nodes.map(({ type }) => type))]
    .filter((type) => !type.endsWith('.stickyNote'))
    .map((type, index) => ({
      id: index + 1,
      name: type,
      displayName: type.replace(/^.*\./, ''),
      icon: 'fa:shopping-cart',
      iconData: { type: 'icon', icon: 'shopping-cart' },
      defaults: { name: type.replace(/^.*\./, '') },
      group: '["transform"]',
      typeVersion: 1,
    })),
});
