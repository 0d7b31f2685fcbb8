import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { defineFace } from '../form/face.ts';
import { notificationPickers } from './pickers.ts';

export const notificationFace = defineFace(notificationsContract, {
  pickers: notificationPickers,
  resources: {
    notification: {
      operations: {
        send: { calls: 'sendNotification', prominent: ['customerId', 'channel', 'data'] },
        get: 'getNotification',
        getMany: { calls: 'listNotifications', action: 'Get many notifications' },
        countUnread: { calls: 'countUnread', action: 'Count unread notifications' },
        markAsRead: { calls: 'markRead', action: 'Mark notification as read' },
        reportDelivery: { calls: 'reportDelivery', action: 'Report delivery of notification' },
        retry: { calls: 'retryNotification', action: 'Retry notification' },
        cancel: 'cancelNotification',
      },
    },
    template: {
      operations: {
        get: 'getTemplate',
        getMany: { calls: 'listTemplates', action: 'Get many templates' },
        upsert: {
          calls: 'saveTemplate',
          name: 'Create or Update',
          action: 'Create or update template',
          fresh: ['template'],
        },
        preview: 'previewTemplate',
        delete: 'deleteTemplate',
      },
    },
    preference: {
      operations: {
        get: { calls: 'getPreferences', action: 'Get preferences of customer' },
        set: { calls: 'setPreferences', action: 'Set preferences of customer' },
      },
    },
    inboxMessage: {
      operations: {
        getMany: { calls: 'listDevInbox', action: 'Get many messages of development inbox' },
      },
    },
  },
  labels: { about: 'About Reference', dedupeKey: 'Deduplication Key' },
});
