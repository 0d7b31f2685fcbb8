import type { Request, RequestHandler } from 'express';
import { topicOf, type Contract } from '../chassis/contract/index.ts';
import { isFromThisMachine } from '../chassis/http/this-machine.ts';
import { html, type Html } from '../chassis/pages/html.ts';
import { sendPage } from '../chassis/pages/page.ts';

/** Who a page is for; the first page has a door for each. */
export type Door = 'analyst' | 'merchant' | 'developer';

/** A link on the landing page. */
export interface LandingLink {
  href: string;
  title: string;
  description: string;
  /** Behind which doors it is. */
  doors: readonly Door[];
}

/** A number of the running shop. */
export interface LiveNumber {
  title: string;
  /** Undefined when the service that knows it does not respond. */
  value: number | undefined;
  /** The page that says more. */
  href?: string;
}

interface LandingOptions {
  contracts: readonly Contract[];
  links: readonly LandingLink[];
  /** They tell how a shop goes, so only this machine is shown them. */
  numbers?: (() => Promise<readonly LiveNumber[]>) | undefined;
}

const DOORS: readonly { door: Door; title: string; description: string }[] = [
  { door: 'analyst', title: 'I draw journeys', description: 'What happens on an event, drawn in n8n.' },
  { door: 'merchant', title: 'I run a shop', description: 'Ready journeys to import, and what they did.' },
  { door: 'developer', title: 'I build on it', description: 'One API and one stream of events for everything.' },
];

/** The page at the address itself: a door for each kind of visitor, live numbers, the services that run here. */
export const landing =
  ({ contracts, links, numbers }: LandingOptions): RequestHandler =>
  async (request, response) => {
    const live = await shownNumbers(request, numbers);
    sendPage(response, {
      title: 'FusionCommerce',
      description: 'A commerce platform programmed with n8n workflows.',
      path: '/',
      isPrivate: live.length > 0,
      body: html`
        <h1>FusionCommerce is running.</h1>
        <p class="lead">Orders, stock, money and messages as services; what happens between them is drawn in n8n.</p>
        ${live.length > 0 ? numbersRow(live) : null}
        <ul class="cards doors">
          ${DOORS.map((one) => doorCard(one, links))}
        </ul>
        <h2>Services</h2>
        <p class="soft">Each has an HTTP API and publishes its events on Kafka; all are reached at this address.</p>
        <ul class="cards">
          ${contracts.map(serviceCard)}
        </ul>
      `,
    });
  };

const shownNumbers = async (request: Request, numbers: LandingOptions['numbers']): Promise<readonly LiveNumber[]> =>
  numbers && isFromThisMachine(request) ? numbers() : [];

const numbersRow = (numbers: readonly LiveNumber[]): Html => html`
  <dl class="numbers">
    ${numbers.map(
      ({ title, value, href }) =>
        html`<div>
          <dt>${href === undefined ? title : html`<a href="${href}">${title}</a>`}</dt>
          <dd>${value === undefined ? '–' : value.toLocaleString('en')}</dd>
        </div>`,
    )}
  </dl>
`;

const doorCard = ({ door, title, description }: (typeof DOORS)[number], links: readonly LandingLink[]): Html => html`
  <li class="card">
    <h2>${title}</h2>
    <p>${description}</p>
    ${door === 'developer' ? SEARCH : null}
    <ul class="plain">
      ${links
        .filter(({ doors }) => doors.includes(door))
        .map(
          (link) =>
            html`<li>
              <a href="${link.href}">${link.title}</a>
              <span class="soft">${link.description}</span>
            </li>`,
        )}
    </ul>
  </li>
`;

const SEARCH = html`<form action="/reference" role="search">
  <input type="search" name="search" aria-label="Search operations and events" placeholder="refund, stock, cart …" />
  <button>Search</button>
</form>`;

const serviceCard = (contract: Contract): Html => html`
  <li class="card">
    <h3>${contract.title}</h3>
    <p>${contract.description}</p>
    <p class="links">
      <a href="/reference/${contract.domain}">${Object.keys(contract.operations).length} operations</a>
      <a href="/reference/events#${topicOf(contract)}">${Object.keys(contract.events).length} events</a>
    </p>
  </li>
`;
