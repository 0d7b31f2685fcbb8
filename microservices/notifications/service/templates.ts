import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { containing } from '../../chassis/database/like.ts';
import type { TemplateData } from '../contract.ts';
import { checkWords, writeWords, type LiquidFault, type Words } from '../liquid.ts';
import { localeChain } from '../policy.ts';
import * as store from '../store/templates.ts';
import type { Context, NotificationHandlers } from './context.ts';
import { scopeOf } from './send.ts';
import { shownTemplate } from './shown.ts';

type TemplateHandlers = Pick<
  NotificationHandlers,
  'listTemplates' | 'getTemplate' | 'saveTemplate' | 'deleteTemplate' | 'previewTemplate'
>;

const SAMPLE_NAME = 'Ada Lovelace';
/** Where a page of templates ends: the template and its language. */
const templateKey = z.tuple([z.string(), z.string()]);

const missing = (template: string, locale?: string): string =>
  locale === undefined ? `There is no template ${template}.` : `There is no template ${template} in ${locale}.`;

const saying = ({ part, message }: LiquidFault): [string, LiquidFault] => [
  `The ${part} cannot be used: ${message}.`,
  { part, message },
];

export const templateHandlers = ({ platform, settings }: Context): TemplateHandlers => ({
  listTemplates: async (input) => {
    const after = readCursor(input.cursor, templateKey);
    const found = await store.listTemplates(
      platform.database,
      { ...input, search: containing(input.search) },
      after,
      input.limit + 1,
    );
    return toPage(found, input.limit, (row) => [row.template, row.locale], shownTemplate);
  },

  getTemplate: async ({ template, locale }, { errors }) => {
    const row = await store.findTemplate(platform.database, template, locale);
    if (!row) throw errors.TEMPLATE_NOT_FOUND(missing(template, locale));
    return shownTemplate(row);
  },

  saveTemplate: async (input, { errors, commit }) => {
    const words: Words = { subject: input.subject, text: input.text, html: input.html ?? null };
    const fault =
      checkWords(words) ??
      (input.sampleData && tried(words, scopeOf(settings, input.sampleData, SAMPLE_NAME, input.locale)));
    if (fault) throw errors.TEMPLATE_INVALID(...saying(fault));
    return commit(async (tx) => {
      const row = await store.saveTemplate(tx, {
        template: input.template,
        locale: input.locale,
        title: input.title,
        purpose: input.purpose,
        confidential: input.confidential,
        subject: input.subject,
        body: input.text,
        html: input.html ?? null,
        sample_data: input.sampleData ?? null,
        at: platform.now(),
      });
      const { template, locale, purpose, version } = row;
      tx.append('notification_template.saved', aggregateOf(template, locale), { template, locale, purpose, version });
      return shownTemplate(row);
    });
  },

  deleteTemplate: async ({ template, locale }, { errors, commit }) =>
    commit(async (tx) => {
      if (!(await store.deleteTemplate(tx, template, locale)))
        return errors.TEMPLATE_NOT_FOUND(missing(template, locale));
      tx.append('notification_template.deleted', aggregateOf(template, locale), { template, locale });
      return { template, locale, deleted: true as const };
    }),

  previewTemplate: async ({ template, locale: wanted, data, draft }, { errors }) => {
    const chain = localeChain(wanted ?? settings.locale, settings.locale);
    const row = await store.findInLanguage(platform.database, template, chain);
    if (!row && !draft) throw errors.TEMPLATE_NOT_FOUND(missing(template));
    const locale = draft ? (wanted ?? row?.locale ?? settings.locale) : (row?.locale ?? settings.locale);
    const words = draft
      ? { ...draft, html: draft.html ?? null }
      : { subject: row?.subject ?? '', text: row?.body ?? '', html: row?.html ?? null };
    const written = writeWords(words, scopeOf(settings, data ?? row?.sample_data ?? {}, SAMPLE_NAME, locale));
    if (!written.ok) throw errors.TEMPLATE_INVALID(...saying(written.fault));
    return { ...written.words, locale };
  },
});

const aggregateOf = (template: string, locale: string): string => `${template}/${locale}`;

const tried = (words: Words, scope: TemplateData): LiquidFault | undefined => {
  const written = writeWords(words, scope);
  return written.ok ? undefined : written.fault;
};
