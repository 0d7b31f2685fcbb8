import { eventsContract } from '../../microservices/events/contract.ts';
import { defineFace } from '../form/face.ts';
import { eventPickers } from './pickers.ts';

const ofOwnNode = (node: string): string => `The node FusionCommerce ${node} asks for it.`;

const secret =
  'Its answer is a secret; n8n would keep it in the execution’s data. The FusionCommerce Trigger subscribes by itself.';

export const eventFace = defineFace(eventsContract, {
  pickers: eventPickers,
  resources: {
    event: {
      operations: {
        publish: { calls: 'publishEvent', fresh: ['type'], prominent: ['data'] },
        getLatest: { calls: 'getLatestEvent', action: 'Get latest event' },
        once: { calls: 'claimOnce', name: 'Once per Event', perEvent: true, branch: 'first', subject: ['step', 'key'] },
        allowAgain: { calls: 'releaseOnce', name: 'Allow Once Again', perEvent: true, subject: ['step', 'key'] },
        getSample: { calls: 'getSampleEvent', action: 'Get sample event' },
      },
    },
    journey: {
      operations: {
        getMetrics: { calls: 'getJourneyMetrics', action: 'Get metrics of journeys' },
        getMany: { calls: 'listJourneyRuns', action: 'Get many journeys' },
        getSplit: { calls: 'getSplit', action: 'Get split of journeys' },
      },
    },
    waiting: {
      about: 'Journeys that are parked in Wait for Event',
      operations: {
        getMany: { calls: 'listWaits', action: 'Get many waiting journeys' },
        get: { calls: 'getWait', action: 'Get waiting journey' },
        giveUp: { calls: 'giveUpWait', action: 'Give up waiting' },
      },
    },
    eventType: {
      operations: {
        get: { calls: 'getEventType', action: 'Get event type' },
        getMany: { calls: 'listEventTypes', action: 'Get many event types' },
      },
    },
    deadLetter: {
      operations: {
        getMany: { calls: 'listDeadLetters', action: 'Get many dead letters' },
        get: { calls: 'getDeadLetter', action: 'Get dead letter' },
        replay: { calls: 'replayDeadLetter', name: 'Replay (for Its Workflow)' },
        discard: { calls: 'discardDeadLetter' },
      },
    },
    subscription: {
      operations: {
        get: { calls: 'getSubscription', action: 'Get subscription' },
        getMany: { calls: 'listSubscriptions', action: 'Get many subscriptions' },
        getDeliveries: { calls: 'listDeliveries', action: 'Get deliveries of subscription' },
        update: { calls: 'updateSubscription', action: 'Update subscription' },
        pause: { calls: 'pauseSubscription' },
        resume: { calls: 'resumeSubscription' },
        test: { calls: 'testSubscription' },
        delete: { calls: 'deleteSubscription' },
      },
    },
  },
  notOnCanvas: {
    createSubscription: secret,
    rotateSecret: secret,
    createWait: ofOwnNode('Wait for Event'),
    useLimit: ofOwnNode('Limit'),
    assignSplit: ofOwnNode('Split'),
  },
  labels: { type: 'Event Type' },
});
