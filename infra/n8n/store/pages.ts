import { html, type Html } from '../../../microservices/chassis/pages/html.ts';
import type { InstalledState, InstalledWorkflow } from './installed.ts';
import type { LookOf } from './looks.ts';
import { fromMarkdown } from './markdown.ts';
import { CATEGORIES, type StoreTemplate } from './template.ts';

/** Path of the store's pages. */
export const STORE_PATH = '/templates';

/** What a visitor may know of the n8n beside the platform. */
export type Known =
  /** The visitor is at this machine, and n8n runs. */
  | { kind: 'installed'; stateOf: (template: StoreTemplate) => InstalledState }
  /** n8n does not run here, or did not respond. */
  | { kind: 'no-editor' }
  /** A visitor from elsewhere sees the templates, not what runs. */
  | { kind: 'elsewhere' };

/** All templates, by category. */
export const listPage = (templates: readonly StoreTemplate[], known: Known, lookOf: LookOf): Html => html`
  <h1>Journey templates</h1>
  <p class="lead">
    Journeys that are drawn and tested, to import into n8n and to change. Each says what it needs; none acts before you
    publish it.
  </p>
  <nav aria-label="Categories">
    <p class="links">
      ${shownCategories(templates).map((category) => html`<a href="#${category.toLowerCase()}">${category}</a> `)}
    </p>
  </nav>
  ${shownCategories(templates).map(
    (category) => html`
      <h2 id="${category.toLowerCase()}">${category}</h2>
      <ul class="cards">
        ${templates.filter((one) => one.category === category).map((one) => card(one, known, lookOf))}
      </ul>
    `,
  )}
`;

const shownCategories = (templates: readonly StoreTemplate[]) =>
  CATEGORIES.filter((category) => templates.some((one) => one.category === category));

const card = (template: StoreTemplate, known: Known, lookOf: LookOf): Html => html`
  <li class="card">
    <img class="canvas" src="${STORE_PATH}/${template.name}/canvas.png" alt="" loading="lazy" />
    <h3><a href="${STORE_PATH}/${template.name}">${template.title}</a> ${badge(template, known)}</h3>
    <p>${template.summary}</p>
    ${icons(template, lookOf)}
  </li>
`;

const badge = (template: StoreTemplate, known: Known): Html | null => {
  if (known.kind !== 'installed') return null;
  const { journey, copies } = known.stateOf(template);
  if (journey?.isRunning) return html`<span class="tag">running here</span>`;
  if (journey) return html`<span class="tag">in n8n, not published</span>`;
  return copies.length > 0 ? html`<span class="tag">a copy in n8n</span>` : null;
};

/** The nodes by their icons; those of n8n itself, whose icons are n8n's, by name. */
const icons = ({ nodeTypes }: StoreTemplate, lookOf: LookOf): Html => {
  const looks = nodeTypes.map(lookOf);
  const others = looks.filter(({ icon }) => !icon).map(({ title }) => title);
  return html`<p class="nodes">
    ${looks.map(({ icon, title }) =>
      icon
        ? html`<picture
            ><source srcset="${icon.dark}" media="(prefers-color-scheme: dark)" />
            <img src="${icon.light}" alt="${title}" title="${title}" width="28" height="28"
          /></picture>`
        : null,
    )}
    ${others.length > 0 ? html`<span class="soft">and n8n’s ${others.join(', ')}</span>` : null}
  </p>`;
};

interface Shown {
  template: StoreTemplate;
  known: Known;
  lookOf: LookOf;
  /** Titles of templates by name, for links between them. */
  titleOf: (name: string) => string | undefined;
}

/** One template: picture, state, needs, and its own page of documentation. */
export const templatePage = ({ template, known, lookOf, titleOf }: Shown): Html => html`
  <p><a href="${STORE_PATH}">All templates</a> · ${template.category}</p>
  <h1>${template.title}</h1>
  <p class="lead">${template.summary}</p>
  <img class="canvas" src="${STORE_PATH}/${template.name}/canvas.png" alt="The canvas of ${template.title} in n8n" />
  ${icons(template, lookOf)}
  <section class="card">${importSection(template, known)}</section>
  ${needsSection(template, titleOf)} ${fromMarkdown(template.readme, (address) => linkFrom(address, titleOf))}
`;

/** Links of a README lead to other templates of the store; what is only in the repository is text. */
const linkFrom = (address: string, titleOf: Shown['titleOf']): string | undefined => {
  if (/^https?:\/\//.test(address)) return address;
  const name = /^\.\.\/([a-z-]+)\/README\.md/.exec(address)?.[1];
  return name !== undefined && titleOf(name) !== undefined ? `${STORE_PATH}/${name}` : undefined;
};

const importSection = (template: StoreTemplate, known: Known): Html => {
  const file = html`<a href="${STORE_PATH}/${template.name}/workflow.json" download="${template.name}.json"
    >workflow.json</a
  >`;
  if (known.kind === 'elsewhere')
    return html`<h3>Import</h3>
      <p>In n8n: Templates in the menu, or <em>Import from File</em> with ${file}.</p>`;
  if (known.kind === 'no-editor')
    return html`<h3>Import</h3>
      <p>n8n does not run beside this platform now. In an n8n of your own: <em>Import from File</em> with ${file}.</p>`;
  const { journey, copies } = known.stateOf(template);
  return html`
    ${journey ? html`<h3>${inN8n(journey)}</h3>` : html`<h3>Not in n8n yet</h3>`}
    ${copies.map((copy) => html`<p>A copy: ${inN8n(copy)}</p>`)}
    ${
      [journey, ...copies].some((one) => one?.isRunning)
        ? html`<p class="warning">
            It runs already. A copy that is published too starts from the same events and acts a second time: it sends
            another message and books again. Change the one that runs, or publish only one of them.
          </p>`
        : null
    }
    <form method="post" action="${STORE_PATH}/${template.name}/import">
      <button>${journey ? 'Import a copy' : 'Import into n8n'}</button>
      <span class="soft">with its sample data and error workflow, not published; or ${file}</span>
    </form>
  `;
};

const inN8n = ({ name, url, isRunning }: InstalledWorkflow): Html =>
  html`${isRunning ? 'Runs here' : 'In n8n, not published'}: <a href="${url}">${name}</a>`;

const needsSection = ({ needs, isPublishedByHand }: StoreTemplate, titleOf: Shown['titleOf']): Html => {
  const { credentials, services, settings, otherSystems, errorWorkflow } = needs;
  const rows: [string, Html | string][] = [
    ['Credentials', credentials.join(', ')],
    ['Services', services.join(', ')],
    [
      'To fill in',
      settings.length === 0 ? 'nothing' : html`${settings.map(({ name, value }) => setting(name, value))}`,
    ],
    ['Other systems', otherSystems.length === 0 ? 'none' : otherSystems.join(', ')],
    ...(errorWorkflow === undefined
      ? []
      : [['Error workflow', errorLink(errorWorkflow, titleOf)] as [string, Html | string]]),
    ['Published by', isPublishedByHand ? 'you, when it is filled in' : 'npm start; an imported copy by you'],
  ];
  return html`<h2>What it needs</h2>
    <table>
      <tbody>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
};

const setting = (name: string, value: string): Html =>
  html`<div><code>${name}</code> <span class="soft">${value === '' ? 'empty' : value}</span></div>`;

const errorLink = (name: string, titleOf: Shown['titleOf']): Html =>
  html`<a href="${STORE_PATH}/${name}">${titleOf(name) ?? name}</a>`;

/** What became of an import. */
export const importedPage = (
  { title, name: template }: StoreTemplate,
  { name, url, withoutErrorWorkflow }: InstalledWorkflow & { withoutErrorWorkflow: boolean },
): Html => html`
  <h1>${name} is in n8n</h1>
  <p class="lead"><a href="${url}">Open it in the editor</a>. It does nothing before you publish it.</p>
  ${
    withoutErrorWorkflow
      ? html`<p class="warning">
          Its error workflow is not in n8n, so nobody would be told of failures. Import
          <a href="${STORE_PATH}/journey-failed">Journey failed</a>, then choose it in the workflow’s settings.
        </p>`
      : null
  }
  <p><a href="${STORE_PATH}/${template}">Back to ${title}</a> · <a href="${STORE_PATH}">All templates</a></p>
`;
