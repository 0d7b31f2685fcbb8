import type { AsyncApiDocument, AsyncApiMessage } from '../../chassis/contract/documents/async-api.ts';
import { exampleOf, type Resolve } from '../../chassis/contract/schema/example.ts';
import { html, prose, type Html } from '../../chassis/pages/html.ts';
import { documentLookup } from '../../chassis/contract/documents/listed-operations.ts';
import { schemaTable } from './schema-table.ts';

/**
 * The page that explains every event, by topic: its meaning, its data with an example, and its form on Kafka.
 * `operations` are those of the events' own API, which has the same address.
 */
export const eventsPage = (document: AsyncApiDocument, operations: Html | null): Html => {
  const resolve = documentLookup(document);
  const topics = Object.values(document.channels).map((channel) => ({
    ...channel,
    messages: Object.keys(channel.messages).flatMap((type) => document.components.messages[type] ?? []),
  }));
  return html`
    <h1>Events</h1>
    <p class="lead">
      Everything that happens in the shop is an event. Journeys start from them, webhooks receive them, programs read
      them on Kafka.
    </p>
    <ul class="cards">
      <li class="card">
        <h3>In a journey</h3>
        <p>
          Add a FusionCommerce Trigger and choose from the list. What a condition or an expression can use is under
          “data” below.
        </p>
      </li>
      <li class="card">
        <h3>By webhook</h3>
        <p>
          ${operations ? html`<a href="#events.createSubscription">Create a subscription</a>` : 'Create a subscription'}:
          signed HTTP, in order, repeated until it is acknowledged.
        </p>
      </li>
      <li class="card">
        <h3>On Kafka</h3>
        <p>
          <a href="#on-kafka">How a message looks</a>, and <a href="/asyncapi.json">asyncapi.json</a> (AsyncAPI
          ${document.asyncapi}) for programs.
        </p>
      </li>
    </ul>
    <nav aria-label="Events by topic">
      <ul class="cards">
        ${topics.map(
          ({ address, title, messages }) =>
            html`<li class="card">
              <h3><a href="#${address}">${title}</a></h3>
              <p class="links">${messages.map(({ name, title: event }) => html`<a href="#${name}">${event}</a>`)}</p>
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
    ${kafkaSection(document, topics[0]?.messages[0], resolve)}
    ${
      operations
        ? html`<h2 id="api">Operations on events and subscriptions</h2>
            ${operations}`
        : null
    }
  `;
};

const messageSection = (message: AsyncApiMessage, resolve: Resolve): Html => html`
  <details>
    <summary><strong>${message.title}</strong><span class="soft mono">${message.name}</span></summary>
    <div id="${message.name}">
      <p>${prose(message.summary)}</p>
      ${schemaTable(resolve(message.payload.$ref), resolve, 'data')}
      <pre>${JSON.stringify(payloadOf(message, resolve), null, 2)}</pre>
      <p class="links"><a href="/events/schemas/${message.name}">JSON Schema of the data</a></p>
    </div>
  </details>
`;

const payloadOf = (message: AsyncApiMessage, resolve: Resolve): unknown =>
  message.examples?.[0]?.payload ?? exampleOf(resolve(message.payload.$ref), resolve);

/** What all messages have in common, once. */
const kafkaSection = (
  document: AsyncApiDocument,
  message: AsyncApiMessage | undefined,
  resolve: Resolve,
): Html | null =>
  message === undefined
    ? null
    : html`
        <h2 id="on-kafka">On Kafka</h2>
        <p>${prose(document.info.description)}</p>
        ${schemaTable(message.headers, resolve, 'Headers of every message')}
        <pre>${onTheWire(message, resolve)}</pre>
      `;

/** A whole message as a consumer would print it: the headers, then the value. */
const onTheWire = (message: AsyncApiMessage, resolve: Resolve): string => {
  const headers = exampleOf(message.headers, resolve) as Record<string, string>;
  const needed = Object.entries(headers).filter(([name]) => message.headers.required?.includes(name));
  return [
    ...needed.map(([name, value]) => `${name}: ${value}`),
    '',
    JSON.stringify(payloadOf(message, resolve), null, 2),
  ].join('\n');
};
