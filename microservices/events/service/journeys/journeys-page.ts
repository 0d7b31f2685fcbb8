import { Router, type RequestHandler } from 'express';
import { isFromThisMachine } from '../../../chassis/http/this-machine.ts';
import { html, type Html } from '../../../chassis/pages/html.ts';
import { sendPage } from '../../../chassis/pages/page.ts';
import { Problem } from '../../../chassis/problem.ts';
import type { Context } from '../../context.ts';
import type { JourneyMetrics } from '../../contract/journey-metrics.ts';
import { countRuns } from '../../store/runs.ts';
import { listWaits } from '../../store/waits.ts';
import { waiting } from './waiting-journeys.ts';

const PATH = '/journeys';
const DAYS = 7;
/** As many waiting journeys. */
const SHOWN = 100;
const DAY_MS = 86_400_000;
/** The page loads itself again. */
const EVERY_SECONDS = 5;

/**
 * The numbers of all journeys in the browser, always fresh. They tell how a shop goes, so only this machine is let in;
 * others ask the API with a key.
 */
export const journeysPage = ({ database, now }: Context): RequestHandler => {
  const router = Router();
  router.get(PATH, async (request, response) => {
    if (!isFromThisMachine(request)) throw notHere();
    const journeys = await countRuns(database, new Date(now().getTime() - DAYS * DAY_MS), undefined);
    const waits = await listWaits(database, { state: 'waiting', before: undefined, limit: SHOWN });
    response.set('refresh', String(EVERY_SECONDS));
    sendPage(response, {
      path: PATH,
      title: 'Journeys · FusionCommerce',
      isPrivate: true,
      body: html`
        <h1>Journeys</h1>
        <p class="lead">
          Journeys of the last ${DAYS} days that a FusionCommerce Trigger started. This page shows new numbers every
          ${EVERY_SECONDS} seconds.
        </p>
        ${journeys.length === 0 ? html`<div class="empty"><p>No journey yet. Place an order.</p></div>` : table(journeys)}
        ${waiting(waits.slice(0, SHOWN), journeys)}
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
    detail:
      'The numbers of journeys are shown on this machine only. Elsewhere ask GET /v1/journeys/metrics with a key.',
  });

const HEADS = ['Journey', 'Entered', 'Running', 'Waiting', 'Succeeded', 'Failed', 'Dead letters', 'Ordered afterwards'];

const table = (journeys: readonly JourneyMetrics[]): Html => html`
  <div class="scroll">
    <table>
      <thead>
        <tr>
          ${HEADS.map((head) => html`<th scope="col">${head}</th>`)}
          <th scope="col">Fails at</th>
        </tr>
      </thead>
      <tbody>
        ${journeys.map(row)}
      </tbody>
    </table>
  </div>
`;

const row = (one: JourneyMetrics): Html => html`
  <tr>
    <td><strong>${one.workflowName}</strong></td>
    ${[one.entered, one.running, one.waiting, one.succeeded, one.failed, one.buried, one.converted].map(
      (count) => html`<td>${count}</td>`,
    )}
    <td>${one.failures.map(({ node, count }) => `${node} (${count})`).join(', ')}</td>
  </tr>
`;
