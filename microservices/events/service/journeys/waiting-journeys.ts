import { html, type Html } from '../../../chassis/pages/html.ts';
import type { JourneyMetrics } from '../../contract/journey-metrics.ts';
import type { WaitRow } from '../../store/waits.ts';

const HEADS = ['Journey', 'At', 'Waits for', 'About', 'Since', 'Until', 'Execution in n8n', 'ID'];

/** The journeys that are parked in Wait for Event, newest first. */
export const waiting = (waits: readonly WaitRow[], journeys: readonly JourneyMetrics[]): Html => {
  if (waits.length === 0) return html``;
  const names = new Map(journeys.map(({ workflowId, workflowName }) => [workflowId, workflowName]));
  return html`
    <h2>Waiting for an event</h2>
    <p>
      The ${waits.length} newest. To end a wait before its time, use FusionCommerce Event → Waiting → Give Up in n8n, or
      <code>POST /v1/journeys/waits/{id}/give-up</code>: the journey goes on by the output Timed Out.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${HEADS.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${waits.map((wait) => row(wait, names.get(wait.workflowId) ?? wait.workflowId))}
        </tbody>
      </table>
    </div>
  `;
};

const row = (wait: WaitRow, journey: string): Html => html`
  <tr>
    <td><strong>${journey}</strong></td>
    <td>${wait.node ?? ''}</td>
    <td>${wait.eventTypes.join(', ')}</td>
    <td><code>${wait.value}</code></td>
    <td>${minute(wait.createdAt)}</td>
    <td>${minute(wait.deadline)}</td>
    <td>${wait.executionId}</td>
    <td><code>${wait.id}</code></td>
  </tr>
`;

const minute = (moment: string): string => `${moment.replace('T', ' ').slice(0, 16)} UTC`;
