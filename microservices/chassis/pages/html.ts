/** HTML that is known to be safe to print as it is. */
export interface Html {
  readonly html: string;
}

type Printable = Html | string | number | null | undefined | readonly Printable[];

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const print = (value: Printable): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map(print).join('');
};

/** A piece of a page: what is interpolated is escaped unless it came from here itself. */
export const html = (parts: TemplateStringsArray, ...values: Printable[]): Html => ({
  html: parts.reduce((page, part, index) => page + print(values[index - 1]) + part),
});

/** Markup that somebody vouches for, for example a style sheet of ours. */
export const trusted = (markup: string): Html => ({ html: markup });

/** A text of a document with its `code` marked up as such. */
export const prose = (text: string): Html =>
  html`${text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;
