import type { InputOf } from '../../chassis/contract/index.ts';
import type { Context, Failures } from '../context.ts';
import type { notificationsContract } from '../contract.ts';
import { localeChain } from '../policy/sending.ts';
import { findInLanguage, type TemplateRow } from '../store/templates.ts';
import type { Words } from './liquid.ts';
import { noTemplate } from './refusals.ts';
import { writtenHere } from './written-here.ts';

export type SendInput = InputOf<typeof notificationsContract, 'sendNotification'>;

/** The words of a message in one language, before values are filled in. */
export interface Wording {
  template: string;
  version: number;
  locale: string;
  confidential: boolean;
  words: Words;
}

type ForLanguage = (own: string | null) => Promise<Wording>;

/**
 * The words to be chosen when the recipient's language is known. That the template exists, and may be sent for this
 * purpose, is checked before.
 */
export const wordingFor = async (
  context: Context,
  input: SendInput,
  errors: Failures<'sendNotification'>,
): Promise<ForLanguage> => {
  const { template, subject, text, translations = [], locale } = input;
  const { settings } = context;
  if (template !== undefined) return ofTemplate(context, { ...input, template }, errors);
  if (subject === undefined || text === undefined) throw new Error('The contract lets no message without words pass');
  return (own) =>
    Promise.resolve(writtenHere({ subject, text }, translations, locale ?? own ?? settings.locale, settings.locale));
};

const ofTemplate = async (
  { database, settings }: Context,
  { template, purpose, locale }: SendInput & { template: string },
  errors: Failures<'sendNotification'>,
): Promise<ForLanguage> => {
  const inLanguage = async (wanted: string): Promise<TemplateRow> => {
    const row = await findInLanguage(database, template, localeChain(wanted, settings.locale));
    if (!row) throw errors.TEMPLATE_NOT_FOUND(noTemplate(template));
    return row;
  };
  const row = await inLanguage(locale ?? settings.locale);
  if (row.purpose === 'marketing' && purpose !== 'marketing') {
    throw errors.PURPOSE_MISMATCH(
      `The template ${row.template} is for marketing; send it with purpose "marketing", which asks for consent.`,
    );
  }
  return async (own) => wordingOf(locale !== undefined || own === null ? row : await inLanguage(own));
};

const wordingOf = (row: TemplateRow): Wording => ({
  template: row.template,
  version: row.version,
  locale: row.locale,
  confidential: row.confidential,
  words: { subject: row.subject, text: row.body, html: row.html },
});
