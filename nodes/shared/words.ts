/** How names of contracts read in n8n: Title Case labels, sentence case actions, descriptions without a last full stop. */
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
const SMALL = new Set(['a', 'an', 'and', 'as', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'per', 'the', 'to']);

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
    (word, index) => SPELLED[word] ?? (index > 0 && SMALL.has(word) ? word : capital(word)),
  );
  return [...words, ...(descending ? ['Descending'] : /_asc$/.test(name) ? ['Ascending'] : [])].join(' ');
};

/** "Get by SKU" stays, `minorUnits` → "minor units": a name inside a sentence. */
export const inSentence = (name: string): string =>
  wordsOf(name)
    .map((word) => SPELLED[word] ?? word)
    .join(' ');

export const singular = (title: string): string =>
  title.replace(/ies$/, 'y').replace(/(ss)$|s$/, (_all, doubled: string | undefined) => doubled ?? '');

/** A description as n8n wants it: one sentence ends without a full stop, several keep theirs. */
export const description = (text: string | undefined): string => {
  const trimmed = (text ?? '').trim();
  const sentences = trimmed.split(/[.!?](?:\s|$)/).filter(Boolean).length;
  return sentences <= 1 ? trimmed.replace(/\.$/, '') : trimmed.endsWith('.') ? trimmed : `${trimmed}.`;
};
