import { Router, type RequestHandler } from 'express';
import { isFromThisMachine } from '../../../chassis/http/this-machine.ts';
import { html, type Html } from '../../../chassis/pages/html.ts';
import { sendPage } from '../../../chassis/pages/page.ts';
import { Problem } from '../../../chassis/problem.ts';
import type { Context } from '../../context.ts';
import { listDeadLetters, type DeadLetterRow } from '../../store/dead-letters.ts';

const PATH = '/dead-letters';
const SHOWN = 100;

/** The dead letters in the browser. Reasons may name persons, so only this machine is let in. */
export const deadLettersPage = ({ database }: Context): RequestHandler => {
  const router = Router();
  router.get(PATH, async (request, response) => {
    if (!isFromThisMachine(request)) throw notHere();
    const rows = await listDeadLetters(database, { state: 'waiting', limit: SHOWN, before: undefined });
    sendPage(response, {
      path: PATH,
      title: 'Dead letters · FusionCommerce',
      isPrivate: true,
      body: page(rows.slice(0, SHOWN)),
    });
  });
  return router;
};

const notHere = (): Problem =>
  new Problem({
    code: 'FORBIDDEN',
    status: 403,
    title: 'Dead letters not open',
    detail: 'The page of dead letters is shown on this machine only. Elsewhere, GET /v1/dead-letters lists them.',
  });

const page = (rows: readonly DeadLetterRow[]): Html => html`
  <h1>Dead letters</h1>
  <p class="lead">
    Events that a workflow, a subscription or a service could not handle. Mend the cause, then replay or discard them in
    n8n (FusionCommerce Event → Dead Letter) or with <code>POST /v1/dead-letters/{id}/replay</code>.
  </p>
  ${rows.length === 0 ? html`<div class="empty"><p>Nothing waits here.</p></div>` : rows.map(letter)}
`;

const letter = (row: DeadLetterRow): Html => html`
  <details>
    <summary>
      <strong>${row.type ?? 'No event'}${row.number === null ? '' : ` ${row.number}`}</strong>
      <span class="soft">${row.workflowId ?? row.subscriptionId ?? row.group}</span>
    </summary>
    <div>
      <p>${row.node === null ? '' : `At “${row.node}”: `}${row.error}</p>
      <p class="soft">
        ${row.id} · ${row.deadLetteredAt.replace('T', ' ').slice(0, 19)} UTC · about ${row.subject ?? 'nothing'} ·
        ${row.attempts === null ? 'attempts unknown' : `${row.attempts} attempts`} · ${row.topic}, partition
        ${row.partition}, offset ${row.offset}
      </p>
      <pre>${row.event === null ? 'This message is no event.' : JSON.stringify(JSON.parse(row.event), null, 2)}</pre>
    </div>
  </details>
`;
