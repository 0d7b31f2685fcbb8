import { exampleOf, type Resolve } from '../../chassis/contract/schema/example.ts';
import { html, prose, type Html } from '../../chassis/pages/html.ts';
import type { JsonSchema } from '../../chassis/contract/schema/json-schema.ts';
import { domainsOf, documentLookup, type Listed } from '../../chassis/contract/documents/listed-operations.ts';
import type { OpenApiDocument } from '../../chassis/contract/documents/open-api.ts';
import type { AsyncApiDocument } from '../../chassis/contract/documents/async-api.ts';
import { searchForm, searchResults } from './search.ts';
import { schemaTable } from './schema-table.ts';

/** The page that lists every domain's operations, each leading to its domain's page; or what a search found. */
export const apiIndexPage = (document: OpenApiDocument, events: AsyncApiDocument, search: string): Html => {
  if (search !== '')
    return html`<h1>API reference</h1>
      ${searchForm(search)} ${searchResults(search, document, events)}
      <p><a href="/reference">All operations</a></p>`;
  const byTag = domainsOf(document);
  return html`
    <h1>API reference</h1>
    ${searchForm('')}
    <p class="lead">${prose(document.info.description ?? '')}</p>
    <p>
      For machines: <a href="/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}). Events are published on
      Kafka: <a href="/reference/events">events</a>.
    </p>
    ${securitySection(document)}
    ${byTag.map(
      ({ domain, title, description, operations }) => html`
        <h2 id="${domain}"><a href="/reference/${domain}">${title}</a></h2>
        <p class="soft">${description}</p>
        <ul class="index">
          ${operations.map(
            (operation) =>
              html`<li><a href="/reference/${domain}#${operation.operationId}">${operation.summary}</a></li>`,
          )}
        </ul>
      `,
    )}
  `;
};

/** The page of one domain: every operation with its input, its responses and its errors. */
export const apiDomainPage = (document: OpenApiDocument, domain: string): Html => {
  const found = domainsOf(document).find((candidate) => candidate.domain === domain);
  const resolve = documentLookup(document);
  return html`
    <h1>${found?.title ?? domain}</h1>
    <p class="lead">${found?.description ?? ''}</p>
    <p>
      <a href="/openapi/${domain}.json">openapi/${domain}.json</a> ·
      <a href="/reference/events#commerce.${domain}">its events</a>
    </p>
    ${operationsOf(found?.operations ?? [], resolve)}
  `;
};

const operationsOf = (operations: readonly Listed[], resolve: Resolve): Html => html`
  ${operations.map((operation) => operationSection(operation, resolve))} ${shapesSection(operations, resolve)}
`;

/** The operations of one domain for another page; null when it does not run here. */
export const domainOperations = (document: OpenApiDocument, domain: string): Html | null => {
  const found = domainsOf(document).find((candidate) => candidate.domain === domain);
  return found ? operationsOf(found.operations, documentLookup(document)) : null;
};

const securitySection = (document: OpenApiDocument): Html => {
  const schemes = Object.entries(document.components?.securitySchemes ?? {});
  return html`<h2>Signing in</h2>
    <ul class="cards">
      ${schemes.map(
        ([name, scheme]) =>
          html`<li class="card">
            <h3>${name === 'apiKey' ? 'API key' : 'Customer token'}</h3>
            <p>${prose('description' in scheme ? (scheme.description ?? '') : '')}</p>
          </li>`,
      )}
    </ul>`;
};

const CALLERS: Record<Listed['audience'], string> = {
  anybody: 'Anybody may call it.',
  customers: 'For API keys with this scope, and for customers on their own data.',
  keys: 'For API keys with this scope.',
};

// The id is on the inner element: a browser that follows a link to it opens the folded part.
const operationSection = (operation: Listed, resolve: Resolve): Html => html`
  <details>
    <summary>
      <span class="mono"
        ><span class="method method-${operation.method}">${operation.method.toUpperCase()}</span>
        ${operation.path}</span
      ><span class="soft">${operation.summary}</span>
    </summary>
    <div id="${operation.operationId}">
      <p>${prose(operation.description)}</p>
      <p>
        <span class="tag">${operation.scope}</span>
        <span class="soft"
          >${CALLERS[operation.audience]}${operation.idempotent ? ' Accepts an Idempotency-Key.' : ''}</span
        >
      </p>
      ${parametersTable(operation, resolve)}
      ${operation.body ? schemaTable(operation.body.schema, resolve, `Body (${operation.body.mediaType})`) : null}
      <pre>${requestExample(operation, resolve)}</pre>
      ${operation.responses.filter(isSuccess).map((response) => responseSection(response, resolve))}
      ${failuresTable(operation)}
    </div>
  </details>
`;

const isSuccess = ({ status }: { status: string }): boolean => Number(status) < 400;

const parametersTable = ({ parameters }: Listed, resolve: Resolve): Html | null => {
  if (parameters.length === 0) return null;
  const schema: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map((parameter) => [parameter.name, { description: parameter.description, ...parameter.schema }]),
    ),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
  return schemaTable(
    schema,
    resolve,
    parameters.every((parameter) => parameter.in === 'path') ? 'Path' : 'Path and query',
  );
};

/** A shape that many operations return is shown once, at the end of the page. */
const responseSection = ({ status, schema, mediaType }: Listed['responses'][number], resolve: Resolve): Html | null => {
  if (!schema) return null;
  const caption = `Response ${status}${mediaType === 'application/json' ? '' : ` (${mediaType ?? ''})`}`;
  const name = shapeName(schema);
  if (name !== undefined) return html`<p class="soft">${caption}: <a href="#shape-${name}">${name}</a></p>`;
  return html`${schemaTable(schema, resolve, caption)}${examplePre(schema, resolve)}`;
};

const examplePre = (schema: JsonSchema, resolve: Resolve): Html =>
  html`<pre>${JSON.stringify(exampleOf(schema, resolve), null, 2)}</pre>`;

const shapeName = (schema: JsonSchema): string | undefined => schema.$ref?.split('/').at(-1);

const shapesSection = (operations: readonly Listed[], resolve: Resolve): Html | null => {
  const returned = operations.flatMap(({ responses }) => responses.filter(isSuccess).map(({ schema }) => schema?.$ref));
  const references = [...new Set(returned)].filter((reference) => reference !== undefined).toSorted();
  if (references.length === 0) return null;
  return html`<h2>Shapes</h2>
    ${references.map((reference) => {
      const name = shapeName({ $ref: reference });
      return html`<details>
        <summary><span class="mono">${name}</span></summary>
        <div id="shape-${name}">
          ${schemaTable(resolve(reference), resolve, 'Fields')}${examplePre(resolve(reference), resolve)}
        </div>
      </details>`;
    })}`;
};

const failuresTable = ({ responses }: Listed): Html => {
  const rows = responses
    .filter((response) => !isSuccess(response))
    .flatMap(({ status, description }) =>
      description.split('\n\n').map((line) => ({ status, line: /^`(.+)`: (.*)$/.exec(line) })),
    );
  return html`<div class="scroll">
    <table>
      <caption>
        What can go wrong
      </caption>
      <thead>
        <tr>
          <th scope="col">Code</th>
          <th scope="col">Status</th>
          <th scope="col">What happened</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ status, line }) =>
            html`<tr>
              <td><code>${line?.[1] ?? ''}</code></td>
              <td>${status}</td>
              <td>${line?.[2] ?? ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
};

const requestExample = (operation: Listed, resolve: Resolve): string => {
  const path = operation.parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce(
      (address, { name, schema }) => address.replace(`{${name}}`, String(exampleOf(schema, resolve, name))),
      operation.path,
    );
  const needed = operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const query = needed
    .map(({ name, schema }) => `${name}=${encodeURIComponent(queryText(exampleOf(schema, resolve, name)))}`)
    .join('&');
  const { body } = operation;
  return [
    `curl -X ${operation.method.toUpperCase()} "$URL${path}${query && `?${query}`}"`,
    '  -H "Authorization: Bearer $KEY"',
    ...(operation.idempotent ? ['  -H "Idempotency-Key: $(uuidgen)"'] : []),
    ...(body ? [`  -H "Content-Type: ${body.mediaType}"`, bodyText(body, resolve)] : []),
  ].join(' \\\n');
};

const queryText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const bodyText = ({ mediaType, schema }: { mediaType: string; schema: JsonSchema }, resolve: Resolve): string =>
  mediaType === 'application/json'
    ? `  -d '${JSON.stringify(exampleOf(onlyRequired(schema, resolve), resolve)).replaceAll("'", String.raw`'\''`)}'`
    : '  -T file';

/** The required members only, so that an example to copy stays short. */
const onlyRequired = (schema: JsonSchema, resolve: Resolve): JsonSchema => {
  const object = schema.$ref ? resolve(schema.$ref) : schema;
  if (!object.properties) return object;
  return {
    ...object,
    properties: Object.fromEntries(
      Object.entries(object.properties).filter(([name]) => object.required?.includes(name)),
    ),
  };
};
