import type { RequestHandler } from 'express';
import { topicOf, type Contract } from '../chassis/contract/index.ts';
import { html } from '../chassis/pages/html.ts';
import { sendPage } from '../chassis/pages/page.ts';

/** A link on the landing page. */
export interface LandingLink {
  href: string;
  title: string;
  description: string;
}

/** The page at the address itself: the services that run here, and links. */
export const landing =
  (contracts: readonly Contract[], links: readonly LandingLink[]): RequestHandler =>
  (_request, response) => {
    sendPage(response, {
      title: 'FusionCommerce',
      description: 'A commerce platform programmed with n8n workflows.',
      path: '/',
      body: html`
        <h1>FusionCommerce is running.</h1>
        <p class="lead">
          Every service below has an HTTP API and publishes its events on Kafka. All of them are reached through this
          address.
        </p>
        <ul class="cards">
          ${links.map(
            ({ href, title, description }) =>
              html`<li class="card">
                <h3><a href="${href}">${title}</a></h3>
                <p>${description}</p>
              </li>`,
          )}
        </ul>
        <h2>Services</h2>
        <ul class="cards">
          ${contracts.map(
            (contract) =>
              html`<li class="card">
                <h3>${contract.title}</h3>
                <p>${contract.description}</p>
                <p class="links">
                  <a href="/reference/${contract.domain}">${Object.keys(contract.operations).length} operations</a>
                  <a href="/reference/events#${topicOf(contract)}">${Object.keys(contract.events).length} events</a>
                </p>
              </li>`,
          )}
        </ul>
      `,
    });
  };
