import { Router, type Request, type RequestHandler } from 'express';
import { isFromThisMachine } from '../../chassis/http/this-machine.ts';
import { invalidInput } from '../../chassis/http/validate.ts';
import { html, type Html } from '../../chassis/pages/html.ts';
import { sendPage } from '../../chassis/pages/page.ts';
import { Problem } from '../../chassis/problem.ts';
import { auditContract } from '../contract.ts';
import type { Context } from '../context.ts';
import type { Entry } from '../contract/values.ts';
import { listEntries } from '../store/search.ts';
import { readTrail, type Trail } from '../store/trail.ts';
import { titlesOf, toShown } from './entries.ts';

const PATH = '/audit';
const SHOWN = 100;

const FILTERS = [
  { name: 'caller', label: 'Caller', hint: 'key:key_… or customer:cus_…' },
  { name: 'operation', label: 'Operation', hint: 'orders.placeOrder' },
  { name: 'resource', label: 'Resource', hint: 'ord_…, a code' },
  { name: 'workflowId', label: 'Workflow', hint: 'order-to-confirmation' },
  { name: 'correlationId', label: 'Correlation', hint: 'of one request' },
] as const;

/** The audit trail in the browser. It names persons and places, so only this machine is let in. */
export const auditPage = ({ database, contracts }: Context): RequestHandler => {
  const shown = toShown(titlesOf(contracts));
  const router = Router();
  router.get(PATH, async (request, response) => {
    if (!isFromThisMachine(request)) throw notHere();
    const asked = askedBy(request);
    const { cursor: _cursor, ...filter } = readFilter(asked);
    const before = /^\d{1,15}$/.test(asked['before'] ?? '') ? Number(asked['before']) : undefined;
    const rows = await listEntries(database, { ...filter, limit: SHOWN }, before);
    const more = rows.length > SHOWN ? rows[SHOWN - 1]?.position : undefined;
    const trail = await readTrail(database);
    sendPage(response, {
      path: PATH,
      title: 'Audit trail · FusionCommerce',
      isPrivate: true,
      body: html`
        <h1>Audit trail</h1>
        <p class="lead">Who did what, when, from where and through which journey.</p>
        <p>${stateOf(trail)}</p>
        ${form(asked)}
        ${rows.length === 0 ? html`<div class="empty"><p>No entry fits.</p></div>` : table(rows.slice(0, SHOWN).map(shown))}
        ${more === undefined ? '' : html`<p><a href="${PATH}?${search({ ...asked, before: String(more) })}">Older entries</a></p>`}
      `,
    });
  });
  return router;
};

const notHere = (): Problem =>
  new Problem({
    code: 'FORBIDDEN',
    status: 403,
    title: 'Page for this machine only',
    detail: 'The audit trail is shown on this machine only. Elsewhere ask GET /v1/audit/entries with a key.',
  });

type Asked = Record<string, string>;

const askedBy = ({ query }: Request): Asked =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value]] : [],
    ),
  );

/** What the form asks for, as the operation takes it: a day is its first moment. */
const readFilter = (asked: Asked) => {
  const { before: _before, ...rest } = asked;
  const moments = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value]),
  );
  const read = auditContract.operations.listEntries.input.safeParse({ ...moments, limit: SHOWN });
  if (!read.success) throw invalidInput(read.error);
  return read.data;
};

const search = (asked: Asked): string => new URLSearchParams(asked).toString();

const stateOf = ({ head, checkedAt, broken }: Trail): Html => {
  const count = html`${head.position} ${head.position === 1 ? 'entry' : 'entries'}.`;
  if (checkedAt === null) return html`${count} Not checked yet.`;
  const when = `${minute(checkedAt)} UTC`;
  return broken
    ? html`${count} <strong>The check at ${when} found entry ${broken.position} wrong (${broken.reason}).</strong>`
    : html`${count} Checked and anchored at ${when}: whole.`;
};

const form = (asked: Asked): Html => html`
  <form method="get" action="${PATH}">
    ${FILTERS.map(
      ({ name, label, hint }) =>
        html`<label>${label}<input name="${name}" value="${asked[name] ?? ''}" placeholder="${hint}" /></label>`,
    )}
    <label>From<input type="date" name="from" value="${asked['from']?.slice(0, 10) ?? ''}" /></label>
    <label>Until<input type="date" name="until" value="${asked['until']?.slice(0, 10) ?? ''}" /></label>
    <button>Show</button>
    <a href="${PATH}?outcome=refused">Refused only</a>
    <a href="${PATH}">All</a>
  </form>
`;

const HEADS = ['When (UTC)', 'Who', 'What', 'Resource', 'Journey', 'From', 'Outcome'];

const table = (entries: readonly Entry[]): Html => html`
  <div class="scroll">
    <table>
      <thead>
        <tr>
          ${HEADS.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${entries.map(row)}
      </tbody>
    </table>
  </div>
`;

const row = ({ at, who, title, operation, resource, journey, address, userAgent, refusal }: Entry): Html => html`
  <tr>
    <td>${minute(at)}${at.slice(16, 19)}</td>
    <td>
      ${who.name === null ? '' : html`<strong>${who.name}</strong><br />`}
      ${link({ caller: who.caller }, who.kind === 'anonymous' ? 'nobody known' : who.caller)}
    </td>
    <td>${title}<br /><span class="soft mono">${breakable(operation)}</span></td>
    <td>${resource === null ? '' : link({ resource }, resource)}</td>
    <td>
      ${journey === null ? '' : html`${link({ workflowId: journey.workflowId }, journey.workflowId)} ${journey.node}`}
    </td>
    <td>${address}<br /><span class="soft">${userAgent}</span></td>
    <td>${refusal === null ? 'done' : html`refused<br /><span class="soft mono">${refusal}</span>`}</td>
  </tr>
`;

/** A line may end behind the domain. */
const breakable = (operation: string): Html => {
  const [domain, name] = operation.split('.');
  return html`${domain}.<wbr />${name}`;
};

const link = (filter: Asked, text: string): Html => html`<a class="mono" href="${PATH}?${search(filter)}">${text}</a>`;

const minute = (at: string): string => at.replace('T', ' ').slice(0, 16);
