import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { containing } from '../../chassis/database/like.ts';
import { command, remember, startOver } from '../../chassis/http/command.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Handlers } from '../context.ts';
import { localeChain } from '../policy/sending.ts';
import * as store from '../store/templates.ts';
import type { LiquidFault, Words } from './liquid.ts';
import { variablesOf } from './variables.ts';
import { noTemplate } from './refusals.ts';
import { scopeOf } from './send.ts';
import { shownTemplate } from './shown.ts';
import { createTrialBudget } from './trial-budget.ts';

type Names =
  'listTemplates' | 'getTemplate' | 'listTemplateVariables' | 'saveTemplate' | 'deleteTemplate' | 'previewTemplate';

const SAMPLE_NAME = 'Ada Lovelace';
/** The position that the next page of templates starts after: the template and its language. */
const templateKey = z.tuple([z.string(), z.string()]);

export const templateHandlers = (
  { database, settings, writers, now }: Context,
  budget = createTrialBudget(),
): Pick<Handlers, Names> => ({
  listTemplates: async (input) => {
    const after = readCursor(input.cursor, templateKey);
    const found = await store.listTemplates(
      database,
      {
        ...input,
        search: containing(input.search),
        nearest: input.language === undefined ? null : localeChain(input.language, settings.locale),
      },
      after,
      input.limit + 1,
    );
    return toPage(found, input.limit, (row) => [row.template, row.locale], shownTemplate);
  },

  getTemplate: async ({ template, locale }, { errors }) => {
    const row = await store.findTemplate(database, template, locale);
    if (!row) throw errors.TEMPLATE_NOT_FOUND(noTemplate(template, locale));
    return shownTemplate(row);
  },

  listTemplateVariables: async ({ template, locale }, { errors }) => {
    const chain = localeChain(locale ?? settings.locale, settings.locale);
    const row = await store.findInLanguage(database, template, chain);
    if (!row) throw errors.TEMPLATE_NOT_FOUND(noTemplate(template));
    const words = { subject: row.subject, text: row.body, html: row.html };
    return { items: variablesOf(words, row.sample_data ?? {}) };
  },

  saveTemplate: command({
    prepare: async ({ subject, text, html = null, sampleData, locale }, { caller, errors }) => {
      const words: Words = { subject, text, html };
      const scope = sampleData && scopeOf(settings, sampleData, SAMPLE_NAME, locale);
      const written = await budget.write({ writer: writers.trials, job: { words, scope }, caller }, errors);
      if (!written.ok) throw errors.TEMPLATE_INVALID(...saying(written.fault));
    },
    commit: async (tx, { expectedVersion, text, html = null, sampleData = null, ...input }, { errors }) => {
      const name = `The template ${input.template} (${input.locale})`;
      const known = await store.lockTemplate(tx, input.template, input.locale);
      requireVersion({ name, version: known }, expectedVersion, errors.VERSION_CONFLICT);
      const saved = { ...input, body: text, html, sample_data: sampleData, at: now() };
      const row = await store.saveTemplate(tx, saved, (known ?? 0) + 1);
      if (!row) throw startOver(undefined);
      const { template, locale, purpose, version } = row;
      tx.append('notification_template.saved', aggregateOf(template, locale), { template, locale, purpose, version });
      return shownTemplate(row);
    },
  }),

  deleteTemplate: command(async (tx, { template, locale }, { errors }) => {
    if (!(await store.deleteTemplate(tx, template, locale)))
      return remember(errors.TEMPLATE_NOT_FOUND(noTemplate(template, locale)));
    tx.append('notification_template.deleted', aggregateOf(template, locale), { template, locale });
    return { template, locale, deleted: true as const };
  }),

  previewTemplate: async ({ template, locale: wanted, data, draft }, { caller, errors }) => {
    const chain = localeChain(wanted ?? settings.locale, settings.locale);
    const row = await store.findInLanguage(database, template, chain);
    if (!row && !draft) throw errors.TEMPLATE_NOT_FOUND(noTemplate(template));
    const locale = draft ? (wanted ?? row?.locale ?? settings.locale) : (row?.locale ?? settings.locale);
    const words = draft
      ? { ...draft, html: draft.html ?? null }
      : { subject: row?.subject ?? '', text: row?.body ?? '', html: row?.html ?? null };
    const scope = scopeOf(settings, data ?? row?.sample_data ?? {}, SAMPLE_NAME, locale);
    const written = await budget.write({ writer: writers.trials, job: { words, scope }, caller }, errors);
    if (!written.ok) throw errors.TEMPLATE_INVALID(...saying(written.fault));
    return { ...written.words, locale };
  },
});

const saying = ({ part, message }: LiquidFault): [string, LiquidFault] => [
  `The ${part} cannot be used: ${message}.`,
  { part, message },
];

const aggregateOf = (template: string, locale: string): string => `${template}/${locale}`;
