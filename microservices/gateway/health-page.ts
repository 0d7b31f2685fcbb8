import type { RequestHandler } from 'express';
import { html, type Html } from '../chassis/pages/html.ts';
import { sendPage } from '../chassis/pages/page.ts';
import { shownTo, type CheckAll, type Readiness } from './health.ts';

const PATH = '/health';
/** The page loads itself again. */
const EVERY_SECONDS = 10;

/** The health of the platform for people; programs ask /healthz and /readyz. 503 when a part is unavailable. */
export const healthPage =
  (checkAll: CheckAll, startedAt: Date = new Date()): RequestHandler =>
  async (request, response) => {
    const parts = shownTo(request, await checkAll());
    const away = parts.filter(({ ready }) => !ready);
    response.set('refresh', String(EVERY_SECONDS));
    const page = {
      ...{ path: PATH, title: 'Health · FusionCommerce', isPrivate: true },
      body: body(parts, away, startedAt),
    };
    sendPage(response, page, away.length === 0 ? 200 : 503);
  };

const body = (parts: readonly Readiness[], away: readonly Readiness[], startedAt: Date): Html => html`
  <h1>${away.length === 0 ? 'Everything works.' : `${away.length} of ${parts.length} parts are unavailable.`}</h1>
  <p class="lead">
    ${
      away.length === 0
        ? 'All parts of this process respond.'
        : 'Requests that need them are refused until they are back; nothing that was saved is lost.'
    }
    This page looks again every ${EVERY_SECONDS} seconds.
  </p>
  <ul class="cards">
    ${[...away, ...parts.filter(({ ready }) => ready)].map(card)}
  </ul>
  <p class="soft">
    This process runs since ${startedAt.toISOString().replace('T', ' ').slice(0, 19)} UTC. For programs:
    <a href="/healthz">/healthz</a> (alive), <a href="/readyz">/readyz</a> (ready), <a href="/metrics">/metrics</a>
    (Prometheus).
  </p>
`;

const card = ({ name, ready, detail }: Readiness): Html => html`
  <li class="card">
    <h3>
      ${name}
      <span class="${ready ? 'tag' : 'tag tag-bad'}">${ready ? 'works' : 'unavailable'}</span>
    </h3>
    ${ready || detail === undefined ? null : html`<p>${detail}</p>`}
  </li>
`;
