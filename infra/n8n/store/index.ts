import type { RequestHandler } from 'express';
import type { Journey } from '../journeys.ts';
import { templateLibrary } from '../template-library.ts';
import type { Editor } from './installed.ts';
import { readLooks } from './looks.ts';
import { storeRoutes } from './routes.ts';
import { readTemplates } from './template.ts';

interface StoreSurroundings {
  /** The n8n beside the platform, as soon as it runs. */
  editor: () => Editor | undefined;
  /** The platform's own address, as soon as it is known. */
  url: () => string | undefined;
}

/** The same journeys twice: as pages of the platform, and as the template library of n8n's editor. */
export const journeyStore = async (
  journeys: readonly Journey[],
  { editor, url }: StoreSurroundings,
): Promise<{ pages: RequestHandler; library: RequestHandler }> => {
  const [templates, lookOf] = await Promise.all([readTemplates(journeys), readLooks()]);
  return { pages: storeRoutes({ templates, lookOf, editor }), library: templateLibrary(templates, lookOf, url) };
};
