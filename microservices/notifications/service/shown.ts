import type { Caller } from '../../chassis/auth/caller.ts';
import type { Notification, Template } from '../contract.ts';
import type { NotificationRow } from '../store/notifications.ts';
import type { TemplateRow } from '../store/templates.ts';

/** A notification as the contract shows it; secrets stay inside. */
export const shown = (row: NotificationRow): Notification => ({
  id: row.id,
  state: row.state,
  channel: row.channel,
  purpose: row.purpose,
  template: row.template,
  locale: row.locale,
  customerId: row.customer_id,
  to: row.recipient,
  subject: row.subject,
  text: row.confidential ? null : row.body,
  about: row.about,
  dedupeKey: row.dedupe_key,
  attempts: row.attempts,
  lastError: row.last_error,
  sendAfter: row.send_after,
  createdAt: row.created_at,
  sentAt: row.sent_at,
  deliveredAt: row.delivered_at,
  readAt: row.read_at,
});

/** Customers see what was sent to them, not how sending it went. */
export const shownTo = (caller: Caller, row: NotificationRow): Notification =>
  caller.kind === 'key' ? shown(row) : { ...shown(row), lastError: null };

/** The part that all events about a notification share: nothing about the person but the id. */
export const aboutNotification = (row: NotificationRow) => ({
  notificationId: row.id,
  customerId: row.customer_id,
  channel: row.channel,
  purpose: row.purpose,
  template: row.template,
  about: row.about,
});

export const shownTemplate = (row: TemplateRow): Template => ({
  template: row.template,
  locale: row.locale,
  title: row.title,
  purpose: row.purpose,
  confidential: row.confidential,
  subject: row.subject,
  text: row.body,
  html: row.html,
  sampleData: row.sample_data,
  version: row.version,
  builtIn: row.built_in,
  updatedAt: row.updated_at,
});
