import { Router, type RequestHandler } from 'express';
import cors from 'cors';
import type { LookOf, NodeLook } from './store/looks.ts';
import { STORE_PATH } from './store/pages.ts';
import { CATEGORIES, type Category, type StoreTemplate } from './store/template.ts';

/** Where the library answers below the gateway; n8n is told this as N8N_TEMPLATES_HOST. */
export const TEMPLATES_PATH = '/n8n-templates';

/** A template with the number that n8n knows it by. */
interface Numbered extends StoreTemplate {
  id: number;
  description: string;
}

const categoryOf = (name: Category) => ({ id: CATEGORIES.indexOf(name) + 1, name });

/**
 * n8n's template API over our own journeys, so that merchants find and import them inside the editor (docs.n8n.io,
 * "Configure a custom workflow templates library"). Open to every origin, with whatever headers and credentials the
 * editor sends along (none is looked at): templates are public and hold no secret.
 */
export const templateLibrary = (
  templates: readonly StoreTemplate[],
  lookOf: LookOf,
  publicUrl: () => string | undefined,
): RequestHandler => {
  const numbered = (): Numbered[] =>
    templates.map((template, index) => ({
      ...template,
      id: index + 1,
      description: described(template, publicUrl()),
    }));
  const byId = (id: string | string[] | undefined): Numbered | undefined =>
    numbered().find((template) => String(template.id) === id);
  const library = Router();
  library.get('/health', (_request, response) => void response.json({ status: 'OK' }));
  library.get(
    '/templates/categories',
    (_request, response) => void response.json({ categories: CATEGORIES.map(categoryOf) }),
  );
  library.get('/templates/collections', (_request, response) => void response.json({ collections: [] }));
  library.get('/templates/search', (request, response) => void response.json(found(numbered(), lookOf, request.query)));
  library.get('/templates/workflows/:id', (request, response, next) => {
    const template = byId(request.params.id);
    if (!template) return next();
    // With readyToDemo n8n takes the sample data along.
    const full = { full: true, readyToDemo: true, workflow: template.workflow };
    response.json({ workflow: { ...summary(template, lookOf), ...full } });
  });
  library.get('/workflows/templates/:id', (request, response, next) => {
    const template = byId(request.params.id);
    if (!template) return next();
    response.json({ id: template.id, name: template.title, workflow: template.workflow });
  });
  return Router().use(
    TEMPLATES_PATH,
    cors({ origin: true, credentials: true, methods: ['GET'] }),
    library,
  ) as RequestHandler;
};

/**
 * The README with links that lead to the store of the running platform, without the picture: the editor draws the
 * canvas itself, and shows no pictures of addresses without TLS.
 */
const described = ({ readme }: StoreTemplate, publicUrl: string | undefined): string => {
  const store = `${publicUrl ?? ''}${STORE_PATH}`;
  return readme
    .replace(/^# .*\n+/, '')
    .replace(/^!\[[^\]]*\]\(canvas\.png\)\n+/m, '')
    .replaceAll(/\]\(\.\.\/([a-z-]+)\/README\.md[^)]*\)/g, `](${store}/$1)`);
};

const found = (templates: readonly Numbered[], lookOf: LookOf, query: Record<string, unknown>) => {
  const words = textOf(query['search']).toLowerCase();
  const wanted = textOf(query['category']).split(',').filter(Boolean);
  const rows = Math.min(100, Math.max(1, Number(query['rows']) || 20));
  const page = Math.max(1, Number(query['page']) || 1);
  const named = templates.filter(({ title, readme }) => `${title} ${readme}`.toLowerCase().includes(words));
  const fitting = named.filter(({ category }) => wanted.length === 0 || isWanted(category, wanted));
  return {
    totalWorkflows: fitting.length,
    workflows: fitting.slice((page - 1) * rows, page * rows).map((template) => summary(template, lookOf)),
    filters: [
      {
        field_name: 'nodes.codex.data.categories',
        counts: CATEGORIES.map((value) => ({
          value,
          highlighted: value,
          count: named.filter(({ category }) => category === value).length,
        })),
        stats: { total_values: CATEGORIES.length },
      },
    ],
  };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Versions of the editor ask by a category's name or by its id. */
const isWanted = (category: Category, wanted: readonly string[]): boolean =>
  wanted.includes(category) || wanted.includes(String(categoryOf(category).id));

/** A template as the editor's list and preview show it. */
const summary = ({ id, title, description, changedAt, category, nodeTypes }: Numbered, lookOf: LookOf) => ({
  id,
  name: title,
  description,
  createdAt: changedAt,
  totalViews: 0,
  purchaseUrl: null,
  price: null,
  recentViews: 0,
  image: [],
  categories: [categoryOf(category)],
  user: { id: 1, name: 'FusionCommerce', username: 'fusioncommerce', verified: true, bio: '', links: [], avatar: '' },
  nodes: nodeTypes.map((type, index) => nodeOf(type, index + 1, lookOf(type))),
});

/** n8n draws symbols itself, and shows a picture that comes along. */
const nodeOf = (name: string, id: number, { title, icon, symbol = 'cog' }: NodeLook) => ({
  id,
  name,
  displayName: title,
  icon: icon ? 'file:icon.svg' : `fa:${symbol}`,
  iconData: icon ? { type: 'file', fileBuffer: icon.light } : { type: 'icon', icon: symbol },
  defaults: { name: title },
  group: '["transform"]',
  typeVersion: 1,
});
