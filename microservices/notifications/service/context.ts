import type { Handlers } from '../../chassis/http/handlers.ts';
import type { Platform } from '../../chassis/service.ts';
import type { notificationsContract } from '../contract.ts';
import type { NotificationSettings } from '../settings.ts';

export type NotificationsPlatform = Platform<typeof notificationsContract>;
export type NotificationHandlers = Handlers<typeof notificationsContract>;

/** What every part of this domain works with. */
export interface Context {
  platform: NotificationsPlatform;
  settings: NotificationSettings;
}
