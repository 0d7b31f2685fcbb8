import { join } from 'node:path';
import { Router, type Request, type RequestHandler } from 'express';
import { isFromThisMachine } from '../../../microservices/chassis/http/this-machine.ts';
import type { Html } from '../../../microservices/chassis/pages/html.ts';
import { sendPage } from '../../../microservices/chassis/pages/page.ts';
import { Problem } from '../../../microservices/chassis/problem.ts';
import { workflowsFolder } from '../journeys.ts';
import { shelfOpener, type Editor, type Shelf } from './installed.ts';
import type { LookOf } from './looks.ts';
import { importedPage, listPage, STORE_PATH, templatePage, type Known } from './pages.ts';
import type { StoreTemplate } from './template.ts';

interface StoreOptions {
  templates: readonly StoreTemplate[];
  lookOf: LookOf;
  /** The n8n beside the platform, as soon as it runs. */
  editor: () => Editor | undefined;
}

/**
 * The store of journey templates: pages for people, and an import into the n8n beside the platform. What runs there is
 * shown, and changed, on this machine only, as the other pages of operators are.
 */
export const storeRoutes = ({ templates, lookOf, editor }: StoreOptions): RequestHandler => {
  const find = (request: Request): StoreTemplate => {
    const found = templates.find(({ name }) => name === request.params['name']);
    if (!found) throw noTemplate(String(request.params['name']), templates);
    return found;
  };
  const openShelf = shelfOpener();
  const titleOf = (name: string) => templates.find((one) => one.name === name)?.title;
  const router = Router();
  router.get(STORE_PATH, async (request, response) => {
    const known = await knownTo(request, editor(), openShelf);
    sendPage(response, storePage('Journey templates', STORE_PATH, listPage(templates, known, lookOf)));
  });
  router.get(`${STORE_PATH}/:name`, async (request, response) => {
    const template = find(request);
    const known = await knownTo(request, editor(), openShelf);
    const path = `${STORE_PATH}/${template.name}`;
    sendPage(response, storePage(template.title, path, templatePage({ template, known, lookOf, titleOf })));
  });
  router.get(`${STORE_PATH}/:name/canvas.png`, (request, response) => {
    response.set('cache-control', 'public, max-age=300');
    response.sendFile(join(workflowsFolder, find(request).name, 'canvas.png'));
  });
  router.get(`${STORE_PATH}/:name/workflow.json`, (request, response) => void response.json(find(request).workflow));
  router.post(`${STORE_PATH}/:name/import`, async (request, response) => {
    const template = find(request);
    const shelf = await shelfFor(request, editor(), openShelf);
    const installed = await shelf.install(template);
    sendPage(response, storePage('Imported', `${STORE_PATH}/${template.name}`, importedPage(template, installed)), 201);
  });
  return router;
};

const storePage = (title: string, path: string, body: Html) => ({
  title: `${title} · FusionCommerce`,
  path,
  body,
  isPrivate: true,
});

type OpenShelf = ReturnType<typeof shelfOpener>;

/** A page of the store is shown whether or not n8n responds. */
const knownTo = async (request: Request, editor: Editor | undefined, openShelf: OpenShelf): Promise<Known> => {
  if (!isFromThisMachine(request)) return { kind: 'elsewhere' };
  if (!editor) return { kind: 'no-editor' };
  return openShelf(editor).then(
    ({ stateOf }) => ({ kind: 'installed' as const, stateOf }),
    () => ({ kind: 'no-editor' as const }),
  );
};

const shelfFor = async (request: Request, editor: Editor | undefined, openShelf: OpenShelf): Promise<Shelf> => {
  if (!isFromThisMachine(request) || !isFromOwnPage(request)) throw notHere();
  if (!editor) throw noEditor('n8n does not run beside this platform');
  return openShelf(editor).catch((error: unknown) => {
    throw noEditor(error instanceof Error ? error.message : String(error));
  });
};

/** A page of somebody else's in the same browser may not press our button. */
const isFromOwnPage = ({ headers, protocol }: Request): boolean =>
  headers.origin !== undefined && headers.origin === `${protocol}://${headers.host ?? ''}`;

const noTemplate = (name: string, templates: readonly StoreTemplate[]): Problem =>
  new Problem({
    code: 'NOT_FOUND',
    status: 404,
    title: 'Template not found',
    detail: `There is no template ${name.slice(0, 100)}. Choose one of: ${templates.map((one) => one.name).join(', ')}.`,
  });

const notHere = (): Problem =>
  new Problem({
    code: 'FORBIDDEN',
    status: 403,
    title: 'Import not open',
    detail:
      'Templates are imported from the page of a template, on this machine only. Elsewhere, download workflow.json and use Import from File in n8n.',
  });

const noEditor = (reason: string): Problem =>
  new Problem({
    code: 'EDITOR_AWAY',
    status: 503,
    title: 'n8n away',
    detail: `The template was not imported: ${reason}. Start it (npm start), or use Import from File in an n8n of your own.`,
    headers: { 'retry-after': '5' },
  });
