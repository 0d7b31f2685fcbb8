import { html, type Html } from '../../../microservices/chassis/pages/html.ts';

/** Where a link of a document leads on a page; undefined for one that leads nowhere there. */
type LinkOf = (address: string) => string | undefined;

/**
 * A README of a journey as HTML: headings, paragraphs, lists, emphasis, code and links are all that they hold. Its
 * title, its pictures and for whom it is are left out: the page has its own. Everything is escaped.
 */
export const fromMarkdown = (text: string, linkOf: LinkOf): Html => {
  const blocks = text
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '' && !/^(#\s|!\[|\*\*For\*\*)/.test(block));
  return html`${blocks.map((block) => blockOf(block, linkOf))}`;
};

const blockOf = (block: string, linkOf: LinkOf): Html => {
  const heading = /^(#{2,4})\s+(.*)$/.exec(block);
  if (heading) return html`<h2>${inline(heading[2] ?? '', linkOf)}</h2>`;
  if (/^\d+\.\s/.test(block))
    return html`<ol>
      ${items(block, /^\d+\.\s+/, linkOf)}
    </ol>`;
  if (/^[-*]\s/.test(block))
    return html`<ul>
      ${items(block, /^[-*]\s+/, linkOf)}
    </ul>`;
  return html`<p>${inline(block, linkOf)}</p>`;
};

/** The items of a list; a line that begins no item goes on with the one before. */
const items = (block: string, mark: RegExp, linkOf: LinkOf): Html[] =>
  block
    .split('\n')
    .reduce<string[]>((all, line) => {
      const before = all.at(-1);
      if (mark.test(line) || before === undefined) return [...all, line.replace(mark, '')];
      return [...all.slice(0, -1), `${before} ${line.trim()}`];
    }, [])
    .map((item) => html`<li>${inline(item, linkOf)}</li>`);

const MARKS = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\)|(?<![A-Za-z0-9])_[^_]+_(?![A-Za-z0-9]))/;

const inline = (text: string, linkOf: LinkOf): Html =>
  html`${text.split(MARKS).map((part, index) => (index % 2 === 0 ? part : marked(part, linkOf)))}`;

const marked = (part: string, linkOf: LinkOf): Html => {
  if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
  if (part.startsWith('**')) return html`<strong>${inline(part.slice(2, -2), linkOf)}</strong>`;
  if (part.startsWith('_')) return html`<em>${inline(part.slice(1, -1), linkOf)}</em>`;
  const [, words = '', address = ''] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part) ?? [];
  const target = linkOf(address);
  return target === undefined ? inline(words, linkOf) : html`<a href="${target}">${inline(words, linkOf)}</a>`;
};
