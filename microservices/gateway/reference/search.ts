import { html, prose, type Html } from '../../chassis/pages/html.ts';
import type { AsyncApiDocument } from '../../chassis/contract/documents/async-api.ts';
import { domainsOf } from '../../chassis/contract/documents/listed-operations.ts';
import type { OpenApiDocument } from '../../chassis/contract/documents/open-api.ts';

const LONGEST = 100;

/** The words that somebody searches for, from the query of a request. */
export const searchIn = (query: unknown): string => (typeof query === 'string' ? query.trim().slice(0, LONGEST) : '');

/** The form for a search over operations and events; it needs no script. */
export const searchForm = (search: string): Html =>
  html`<form action="/reference" role="search">
    <label
      >Search operations and events
      <input type="search" name="search" value="${search}" maxlength="${LONGEST}" placeholder="refund, stock, cart …" />
    </label>
    <button>Search</button>
  </form>`;

interface Found {
  href: string;
  title: string;
  /** What is shown in small: a path, or the name of an event. */
  name: string;
  description: string;
  rank: number;
}

/** Operations and events in which every word stands; those that have them in the title come first. */
export const searchResults = (search: string, api: OpenApiDocument, events: AsyncApiDocument): Html => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...operationsOf(api), ...eventsOf(events)]
    .map((one) => ({ ...one, rank: rankOf(one, words) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((left, right) => right.rank - left.rank);
  if (found.length === 0)
    return html`<div class="empty">
      <p>Nothing has all of the words “${search}”. Try fewer words.</p>
    </div>`;
  return html`<h2>${found.length} found for “${search}”</h2>
    <ul class="cards">
      ${found.map(
        ({ href, title, name, description }) =>
          html`<li class="card">
            <h3><a href="${href}">${title}</a></h3>
            <p class="mono">${name}</p>
            <p>${prose(description)}</p>
          </li>`,
      )}
    </ul>`;
};

type Searched = Omit<Found, 'rank'>;

const operationsOf = (api: OpenApiDocument): Searched[] =>
  domainsOf(api).flatMap(({ domain, operations }) =>
    operations.map(({ operationId, summary, method, path, description }) => ({
      href: `/reference/${domain}#${operationId}`,
      title: summary,
      name: `${method.toUpperCase()} ${path}`,
      description,
    })),
  );

const eventsOf = (events: AsyncApiDocument): Searched[] =>
  Object.values(events.components.messages).map(({ name, title, summary }) => ({
    href: `/reference/events#${name}`,
    title: `Event: ${title}`,
    name,
    description: summary,
  }));

/** 0 when a word is missing; titles weigh most, then paths and names. */
const rankOf = ({ title, name, description }: Searched, words: readonly string[]): number => {
  const texts = [title, name, description].map((text) => text.toLowerCase());
  const ranks = words.map((word) => {
    const at = texts.findIndex((text) => text.includes(word));
    return at === -1 ? 0 : texts.length - at;
  });
  return ranks.length === 0 || ranks.includes(0) ? 0 : ranks.reduce((sum, rank) => sum + rank, 0);
};
