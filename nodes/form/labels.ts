/**
 * How names of contracts read in n8n: Title Case labels, sentence case actions, descriptions without a last full stop.
 */
const SPELLED: Record<string, string> = {
  api: 'API',
  csv: 'CSV',
  gtin: 'GTIN',
  html: 'HTML',
  id: 'ID',
  ids: 'IDs',
  json: 'JSON',
  seo: 'SEO',
  sku: 'SKU',
  skus: 'SKUs',
  sms: 'SMS',
  url: 'URL',
  utc: 'UTC',
  whatsapp: 'WhatsApp',
};
/** Lower case inside a title, as n8n's linter has it; not as its first or last word. */
const SMALL = new Set(
  'a an and as at but by for if in nor of on only or over per so some the to up via when with yet'.split(' '),
);

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `trackingUrl` → "Tracking URL", `partially_fulfilled` → "Partially Fulfilled", `-sku` → "SKU Descending". */
export const titleCase = (name: string): string => {
  const descending = /^-/.test(name) || /_desc$/.test(name);
  const words = wordsOf(name.replace(/_(asc|desc)$/, '')).map(
    (word, index, all) =>
      SPELLED[word] ?? (index > 0 && index < all.length - 1 && SMALL.has(word) ? word : capital(word)),
  );
  return [...words, ...(descending ? ['Descending'] : /_asc$/.test(name) ? ['Ascending'] : [])].join(' ');
};

export const singular = (title: string): string =>
  title.replace(/ies$/, 'y').replace(/(ss)$|s$/, (_all, doubled: string | undefined) => doubled ?? '');

/** A description as n8n wants it: one sentence ends without a full stop, several keep theirs. */
export const description = (text: string | undefined): string => {
  const trimmed = spelled((text ?? '').trim());
  const sentences = trimmed.split(/[.!?](?:\s|$)/).filter(Boolean).length;
  return sentences <= 1 ? trimmed.replace(/\.$/, '') : trimmed.endsWith('.') ? trimmed : `${trimmed}.`;
};

/** n8n writes ID, URL and JSON in capitals and starts descriptions with one. */
const spelled = (text: string): string =>
  (text.charAt(0).toUpperCase() + text.slice(1)).replace(
    /(?<![\w"{/$-])(ids?|urls?|json)(?![\w"}/-])/gi,
    (word) => `${word.replace(/s$/i, '').toUpperCase()}${/s$/i.test(word) ? 's' : ''}`,
  );
