import type { AsyncApiDocument, AsyncApiMessage } from '../../chassis/contract/documents/async-api.ts';
import { exampleOf, type Resolve } from '../../chassis/contract/schema/example.ts';
import { html, prose, type Html } from '../../chassis/pages/html.ts';
import { documentLookup } from '../../chassis/contract/documents/listed-operations.ts';
import { schemaTable } from './schema-table.ts';

/** The page that explains every event, by topic: its meaning, its payload and its form on Kafka. */
export const eventsPage = (document: AsyncApiDocument): Html => {
  const resolve = documentLookup(document);
  const topics = Object.values(document.channels).map((channel) => ({
    ...channel,
    messages: Object.keys(channel.messages).flatMap((type) => document.components.messages[type] ?? []),
  }));
  return html`
    <h1>Events</h1>
    <p class="lead">${prose(document.info.description)}</p>
    <p>
      For machines: <a href="/asyncapi.json">asyncapi.json</a> (AsyncAPI ${document.asyncapi}). Operations are in the
      <a href="/reference">API reference</a>.
    </p>
    <nav aria-label="Events by topic">
      <ul class="cards">
        ${topics.map(
          ({ address, title, messages }) =>
            html`<li class="card">
              <h3><a href="#${address}">${title}</a></h3>
              <p class="links">${messages.map(({ name }) => html`<a href="#${name}">${name}</a>`)}</p>
            </li>`,
        )}
      </ul>
    </nav>
    ${topics.map(
      ({ address, title, description, messages }) => html`
        <h2 id="${address}">${title} <span class="tag mono">${address}</span></h2>
        <p class="soft">${description}</p>
        ${messages.map((message) => messageSection(message, resolve))}
      `,
    )}
  `;
};

const messageSection = (message: AsyncApiMessage, resolve: Resolve): Html => {
  const payload = resolve(message.payload.$ref);
  return html`
    <details>
      <summary><span class="mono">${message.name}</span><span class="soft">${message.title}</span></summary>
      <div id="${message.name}">
        <p>${prose(message.summary)}</p>
        ${schemaTable(payload, resolve, 'Payload')}
        <pre>${onTheWire(message, resolve)}</pre>
        <p class="links"><a href="/events/schemas/${message.name}">JSON Schema of the payload</a></p>
      </div>
    </details>
  `;
};

/** A whole message as a consumer would print it: the headers, then the value. */
const onTheWire = (message: AsyncApiMessage, resolve: Resolve): string => {
  const headers = exampleOf(message.headers, resolve) as Record<string, string>;
  const needed = Object.entries(headers).filter(([name]) => message.headers.required?.includes(name));
  return [
    ...needed.map(([name, value]) => `${name}: ${value}`),
    '',
    JSON.stringify(exampleOf(resolve(message.payload.$ref), resolve), null, 2),
  ].join('\n');
};
