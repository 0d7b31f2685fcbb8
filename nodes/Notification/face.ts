import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { defineFace, type Either } from '../form/face.ts';
import { notificationPickers } from './pickers.ts';

/** Where the words of a message come from. */
const writtenOrTemplate: Either = {
  choice: { displayName: 'Message', name: 'wording', description: 'Where the words of the message come from' },
  ways: {
    template: {
      name: 'Template',
      description: 'A saved template, which others can change without touching the workflow',
      asks: ['template'],
      takes: ['data'],
    },
    here: {
      name: 'Write Here',
      description: 'Subject and text of this message only',
      asks: ['subject', 'text'],
      takes: ['translations'],
      json: {
        data: {
          displayName: 'Values for Placeholders',
          default: '={{ $json }}',
          description:
            'What the placeholders of subject and text name, beside customer and shop: the item that comes in unless changed. After a trigger, {{ data.number }} is the number of the order.',
        },
      },
    },
  },
};

export const notificationFace = defineFace(notificationsContract, {
  pickers: notificationPickers,
  resources: {
    notification: {
      operations: {
        send: {
          calls: 'sendNotification',
          prominent: ['customerId', 'channel', 'data'],
          mapped: {
            data: {
              method: 'templateVariables',
              calls: 'listTemplateVariables',
              within: 'template',
              words: { singular: 'value', plural: 'values' },
            },
          },
          either: writtenOrTemplate,
        },
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
  labels: {
    about: 'About Reference',
    data: 'Values',
    dedupeKey: 'Deduplication Key',
    language: 'Each Once, in Language',
    translations: 'Other Languages',
  },
  notOnCanvas: { listTemplateVariables: 'Send asks for it to show a field for each value of the chosen template.' },
});
