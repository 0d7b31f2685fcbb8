const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text within an element of XML 1.0, without the characters that XML does not know. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** An element with a text, on a line of its own. */
export const element = (name: string, text: string): string => `<${name}>${escaped(text)}</${name}>\n`;
