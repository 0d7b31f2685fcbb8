import { z } from 'zod';
import { expectedVersion, line, operation, page, pageQuery, VERSION_CONFLICT } from '../../chassis/contract/index.ts';
import {
  locale,
  preview,
  purpose,
  template,
  templateData,
  templateInput,
  templateKey,
  templateVariable,
  WRITTEN_HERE,
} from './values.ts';
import { templateNotFound } from './sending.ts';

const templateInvalid = {
  TEMPLATE_INVALID: {
    status: 422,
    title: 'Invalid template',
    data: z.object({ part: z.enum(['subject', 'text', 'html']), message: z.string() }),
  },
} as const;

const tooManyAttempts = {
  TOO_MANY_ATTEMPTS: {
    status: 429,
    title: 'Too many attempts',
    data: z.object({ retryAfterSeconds: z.int() }),
  },
} as const;

export const templateOperations = {
  listTemplates: operation({
    method: 'GET',
    path: '/notifications/templates',
    title: 'List templates',
    description: 'Every template in every language, by key and language.',
    access: { scope: 'notifications:read' },
    input: z.object({
      template: templateKey.optional(),
      locale: locale.optional(),
      language: locale
        .optional()
        .describe('Each template once only: in this language, or the nearest that it exists in'),
      purpose: purpose.optional(),
      search: line(100).optional().describe('Part of the key or the title'),
      ...pageQuery,
    }),
    output: page(template),
  }),
  getTemplate: operation({
    method: 'GET',
    path: '/notifications/templates/{template}/{locale}',
    title: 'Get template',
    description: 'One template in exactly this language.',
    access: { scope: 'notifications:read' },
    input: z.object({ template: templateKey, locale }),
    output: template,
    errors: templateNotFound,
  }),
  listTemplateVariables: operation({
    method: 'GET',
    path: '/notifications/templates/{template}/variables',
    title: 'List variables of template',
    description:
      'The values that a template names in any of its parts, in its order. Customer, shop and language are left out: the platform fills them in.',
    access: { scope: 'notifications:read' },
    input: z.object({ template: templateKey, locale: locale.optional() }),
    output: z.object({ items: z.array(templateVariable) }),
    errors: templateNotFound,
  }),
  saveTemplate: operation({
    method: 'PUT',
    path: '/notifications/templates/{template}/{locale}',
    title: 'Save template',
    description:
      'Creates or replaces a template in one language. Its Liquid is checked, and tried with sampleData when that is given. Messages that are queued already do not change.',
    access: { scope: 'notifications:write' },
    input: z
      .object({ template: templateKey, locale, expectedVersion, ...templateInput })
      .refine(({ template: key }) => key !== WRITTEN_HERE, {
        message: `${WRITTEN_HERE} stands for messages without a template: choose another key`,
        path: ['template'],
      }),
    output: template,
    errors: { ...templateInvalid, ...tooManyAttempts, VERSION_CONFLICT },
  }),
  deleteTemplate: operation({
    method: 'DELETE',
    path: '/notifications/templates/{template}/{locale}',
    title: 'Delete template',
    description: 'Deletes a template in one language. A built-in one is restored at the next start.',
    access: { scope: 'notifications:write' },
    input: z.object({ template: templateKey, locale }),
    output: z.object({ template: templateKey, locale, deleted: z.literal(true) }),
    errors: templateNotFound,
  }),
  previewTemplate: operation({
    method: 'POST',
    path: '/notifications/templates/{template}/preview',
    title: 'Preview template',
    description:
      'Writes a message without sending it: a saved template (in the nearest language, as for sending) with these values, or with its sample values.',
    access: { scope: 'notifications:read' },
    readOnly: true,
    input: z.object({
      template: templateKey,
      locale: locale.optional(),
      data: templateData.optional().describe('Values; the sample values of the template when left out'),
      draft: z
        .object({ subject: templateInput.subject, text: templateInput.text, html: templateInput.html })
        .optional()
        .describe('A template that is not saved yet, instead of the saved one'),
    }),
    output: preview,
    errors: { ...templateNotFound, ...templateInvalid, ...tooManyAttempts },
  }),
} as const;
