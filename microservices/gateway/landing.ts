import type { RequestHandler } from 'express';
import { topicOf, type Contract } from '../chassis/contract/index.ts';
import { html } from '../chassis/pages/html.ts';
import { sendPage } from '../chassis/pages/page.ts';

/** A place worth visiting, on the landing page. */
export interface LandingLink {
  href: string;
  title: string;
  description: string;
}

/** What a person sees who opens the address in a browser: what runs here and where to go. */
export const landing =
  (contracts: readonly Contract[], links: readonly LandingLink[]): RequestHandler =>
  (_request, response) => {
    sendPage(response, {
      title: 'FusionCommerce',
      description: 'Commerce services that are programmed by drawing journeys.',
      path: '/',
      body: html`
        <h1>The shop’s engine room is running.</h1>
        <p class="lead">
          Every service below answers over HTTP and says what happened on Kafka. This address is the only public one.
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
        <h2>What runs here</h2>
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
