import type { LandingLink } from '../../microservices/gateway/landing.ts';
import { STORE_PATH } from '../n8n/store/pages.ts';

const TEMPLATES: LandingLink = {
  href: STORE_PATH,
  title: 'Journey templates',
  description: 'Drawn and tested, with pictures and what each needs.',
  doors: ['analyst', 'merchant'],
};

/** Links of the first page to the templates, and to the editor where n8n runs. */
export const journeyLinks = (editorUrl: string | undefined): LandingLink[] => [
  ...(editorUrl === undefined
    ? []
    : [
        {
          href: editorUrl,
          title: 'n8n editor',
          description: 'The journeys of this shop, to look at and to change.',
          doors: ['analyst', 'merchant'] as const,
        },
      ]),
  TEMPLATES,
];
