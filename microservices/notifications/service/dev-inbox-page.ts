import { Router, type RequestHandler } from 'express';
import { containing } from '../../chassis/database/like.ts';
import { html, type Html } from '../../chassis/pages/html.ts';
import { sendPage } from '../../chassis/pages/page.ts';
import { hasPageCookie, takePageKey } from '../../chassis/http/page-key.ts';
import { isFromThisMachine } from '../../chassis/http/this-machine.ts';
import { Problem } from '../../chassis/problem.ts';
import type { Context } from '../context.ts';
import { findMessage, listMessages, type InboxRow } from '../store/dev-inbox.ts';
import { hasDevInbox } from './dev-inbox.ts';

const SHOWN = 100;
const PATH = '/dev/inbox';

/**
 * The development inbox in the browser: messages that would have been e-mailed. Messages hold codes to sign in, so only
 * this machine and who has the link with the key are let in unless the settings open it; where e-mail really goes out
 * there is no such page.
 */
export const devInboxPage = (context: Context): RequestHandler => {
  const { database, settings } = context;
  const router = Router();
  if (!hasDevInbox(context)) return router;
  const key = context.pageKey(PATH);
  router.use(PATH, takePageKey(PATH, key), onlyHere(settings.devInbox === 'open', key));
  router.get(PATH, async (request, response) => {
    const search =
      typeof request.query['search'] === 'string'
        ? request.query['search'].slice(0, 100).toWellFormed().replaceAll('\u0000', '')
        : '';
    const found = await listMessages(
      database,
      { search: containing(search === '' ? undefined : search) },
      undefined,
      SHOWN,
    );
    sendPage(response, {
      path: PATH,
      title: 'Development inbox · FusionCommerce',
      frames: true,
      isPrivate: true,
      body: inbox(found, search),
    });
  });
  router.get(`${PATH}/:id`, async (request, response) => {
    const message = /^ntf_[0-9a-f]{32}$/.test(request.params.id)
      ? await findMessage(database, request.params.id)
      : undefined;
    if (!message)
      throw new Problem({
        code: 'NOT_FOUND',
        status: 404,
        title: 'Message not found',
        detail: 'There is no such message in the development inbox.',
      });
    response
      .set({ 'content-security-policy': MESSAGE_POLICY, 'cache-control': 'no-store' })
      .type('html')
      .send(message.html ?? html`<pre>${message.body}</pre>`.html);
  });
  return router;
};

/** A message is a page that others wrote: no script, no forms, nothing but its own styles and pictures. */
const MESSAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

const onlyHere =
  (open: boolean, key: string): RequestHandler =>
  (request, _response, next) => {
    if (open || isFromThisMachine(request) || hasPageCookie(request, key)) return next();
    throw new Problem({
      code: 'FORBIDDEN',
      status: 403,
      title: 'Development inbox not open',
      detail:
        'The development inbox is shown on this machine, and elsewhere by its link with a key: inboxUrl in access.json of the data folder. Set NOTIFICATIONS_DEV_INBOX=open to show it to everybody who reaches this address.',
    });
  };

const inbox = (messages: readonly InboxRow[], search: string): Html => html`
  <h1>Development inbox</h1>
  <p class="lead">Messages that would have been e-mailed. Set <code>SMTP_URL</code> to send for real.</p>
  <form method="get" action="${PATH}" role="search">
    <label>Subject contains <input name="search" type="search" maxlength="100" value="${search}" /></label>
    <button>Search</button>
  </form>
  ${messages.length === 0 ? empty(search) : messages.map(message)}
`;

const empty = (search: string): Html =>
  search === ''
    ? html`<div class="empty"><p>No message yet. Place an order, or reset a password.</p></div>`
    : html`<div class="empty">
        <p>No message has “${search}” in its subject. <a href="${PATH}">Show all</a></p>
      </div>`;

const message = (row: InboxRow): Html => html`
  <details>
    <summary><strong>${row.subject}</strong><span class="soft">${row.recipient}</span></summary>
    <div>
      <p class="soft">
        From ${row.sender} · ${row.received_at.replace('T', ' ').slice(0, 19)} UTC · template ${row.template}
      </p>
      ${row.html === null ? null : html`<iframe loading="lazy" title="${row.subject}" src="${PATH}/${row.id}" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`}
      <pre>${row.body}</pre>
    </div>
  </details>
`;
