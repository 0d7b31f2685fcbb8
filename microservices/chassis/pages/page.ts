import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { html, trusted, type Html } from './html.ts';
import { STYLE } from './style.ts';

export interface Page {
  title: string;
  description?: string;
  /** Path of this page, to mark its link in the head. */
  path: string;
  body: Html;
  /** The page shows other pages of ours in frames. */
  frames?: boolean;
  /** The page shows what is somebody's own: no cache keeps it. */
  isPrivate?: boolean;
}

const NAVIGATION = [
  { href: '/reference', label: 'API' },
  { href: '/reference/events', label: 'Events' },
  { href: '/health', label: 'Health' },
] as const;

// One piece, because a space more or less between the tags would make another hash.
const STYLE_TAG = trusted(`<style>${STYLE}</style>`);
const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** One style, no script, nothing from elsewhere: what a page of ours may load. */
const policyOf = (page: Page): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "img-src 'self' data:",
    ...(page.frames ? ["frame-src 'self'"] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const shell = (page: Page): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title}</title>
        ${page.description ? html`<meta name="description" content="${page.description}" />` : null}
        <link rel="icon" href="data:," />
        ${STYLE_TAG}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="top">
          <div>
            <strong><a href="/">FusionCommerce</a></strong>
            <nav aria-label="Main">
              ${NAVIGATION.map(({ href, label }) =>
                page.path === href
                  ? html`<a href="${href}" aria-current="page">${label}</a>`
                  : html`<a href="${href}">${label}</a>`,
              )}
            </nav>
          </div>
        </header>
        <main id="content">${page.body}</main>
      </body>
    </html> `;

/** Returns with one of the platform's own pages. */
export const sendPage = (response: Response, page: Page, status = 200): void => {
  response
    .status(status)
    .set({ 'content-security-policy': policyOf(page), 'cache-control': page.isPrivate ? 'no-store' : 'no-cache' })
    .type('html')
    .send(shell(page).html);
};
