import type { Context } from '../context.ts';
import { WRITTEN_HERE } from '../contract.ts';
import { localeChain } from '../policy/sending.ts';
import { frame, paragraph } from './built-in/frame.ts';
import type { Words } from './liquid.ts';
import type { Wording } from './wording.ts';

interface Written {
  subject: string;
  text: string;
}

/** Words that came with the request, in its nearest language; the first ones are in the shop's. */
export const writtenHere = (
  own: Written,
  translations: readonly (Written & { locale: string })[],
  wanted: string,
  shop: string,
): Wording => {
  const all = [{ ...own, locale: shop }, ...translations];
  const ranked = localeChain(wanted, shop).map((locale) => all.findLast((one) => one.locale === locale));
  const { subject, text, locale } = ranked.find((one) => one !== undefined) ?? { ...own, locale: shop };
  return { template: WRITTEN_HERE, version: 0, locale, confidential: false, words: { subject, text, html: null } };
};

const inLines = '{% for line in paragraph %}{{ line }}{% unless forloop.last %}<br>{% endunless %}{% endfor %}';
const HTML = frame('{{ subject }}', `{% for paragraph in paragraphs %}${paragraph(inLines)}{% endfor %}`);

/** The words in the look of the built-in e-mails; each value is escaped. */
export const framed = async (
  { writers }: Pick<Context, 'writers'>,
  { subject, text }: Words,
  scope: Record<string, unknown>,
): Promise<Words> => {
  const paragraphs = text.split(/\n\s*\n/).map((one) => one.split('\n'));
  const job = { words: { subject: 'framed', text: '', html: HTML }, scope: { ...scope, subject, paragraphs } };
  const { written } = await writers.messages.write(job);
  return { subject, text, html: written.ok ? written.words.html : null };
};
