import type { Purpose, TemplateData } from '../../contract.ts';

/** A template that comes with the platform. */
export interface BuiltInTemplate {
  template: string;
  locale: string;
  title: string;
  purpose: Purpose;
  confidential: boolean;
  subject: string;
  text: string;
  html: string;
  sampleData: TemplateData;
}

const PAGE = 'margin:0;background:#f4f2ee;font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;color:#1d2129';
const CARD = 'max-width:34rem;margin:0 auto;padding:2rem 1.5rem;background:#ffffff';
const NAME = 'font-size:.95rem;color:#5c6370;margin:0 0 1.5rem';
const TITLE = 'font-size:1.4rem;line-height:1.25;margin:0 0 1rem';

/**
 * The look of every built-in e-mail: the shop's name, a title, the body. Styles stand inline because mail programs drop
 * the rest.
 */
export const frame = (title: string, body: string): string => `<!doctype html>
<html lang="{{ locale }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body style="${PAGE}"><div style="${CARD}">
<p style="${NAME}">{% if shop.url %}<a href="{{ shop.url }}" style="color:inherit">{{ shop.name }}</a>{% else %}{{ shop.name }}{% endif %}</p>
<h1 style="${TITLE}">${title}</h1>
${body}
</div></body></html>`;

export const paragraph = (words: string): string => `<p style="line-height:1.6;margin:0 0 1rem">${words}</p>`;

/** A code that somebody has to type, easy to read and to select. */
export const bigCode = (value: string): string =>
  `<p style="font:600 1.8rem ui-monospace,Menlo,Consolas,monospace;letter-spacing:.2em;margin:0 0 1rem">${value}</p>`;

/** The lines of an order, with their totals where they are given. */
export const orderLines =
  (): string => `<table role="presentation" style="width:100%;border-collapse:collapse;margin:0 0 1rem">
{% for line in order.lines %}<tr><td style="padding:.4rem 0;border-top:1px solid #e4e1da">{{ line.quantity }} × {{ line.title }}</td><td style="padding:.4rem 0;border-top:1px solid #e4e1da;text-align:right;white-space:nowrap">{% if line.total %}{{ line.total | money }}{% endif %}</td></tr>
{% endfor %}</table>`;
