import { randomBytes, randomUUID } from 'node:crypto';
import { freshCode } from '../plain-input.ts';
import type { Workshop } from '../workshop.ts';
import { after, until, type Recipe, type Recipes } from './recipe.ts';

/** An event that its receiver refused for good. */
const deadLetter: Recipe = async (workshop) => {
  const type = `custom.${freshCode()}`;
  await workshop.run('events.createSubscription', {
    url: workshop.receiver.refusing,
    eventTypes: [type],
    maxAttempts: 1,
  });
  await workshop.run('events.publishEvent', { type, subject: freshCode() });
  const { items } = await until(
    `an event ${type} is a dead letter`,
    () => workshop.run<{ items: { id: string }[] }>('events.listDeadLetters', { type }),
    (seen) => seen.items.length > 0,
  );
  return { deadLetterId: items[0]?.id };
};

export const eventsRecipes: Recipes = {
  'events.publishEvent': () => ({ type: 'custom.workshop' }),
  'events.getLatestEvent': async (workshop, owner) => {
    const { type } = await workshop.make<{ type: string }>('events.publishEvent', owner);
    await until(
      `an event ${type} is the latest`,
      () => workshop.send('events.getLatestEvent', { type }, workshop.adminKey),
      ({ status }) => status === 200,
    );
    return { type };
  },
  'events.createSubscription': ({ receiver }) => ({ url: receiver.taking }),
  'events.resumeSubscription': after('events.pauseSubscription'),
  'events.getDeadLetter': deadLetter,
  'events.replayDeadLetter': deadLetter,
  'events.discardDeadLetter': deadLetter,
  'events.claimOnce': () => ({ key: freshCode() }),
  'events.releaseOnce': async (workshop, owner) => {
    const { step, key } = await workshop.make<{ step: string; key: string }>('events.claimOnce', owner);
    return { step, key };
  },
  // Long enough that it is still waiting at the end.
  'events.createWait': ({ receiver }) => ({
    timeoutSeconds: 3_600,
    resumeUrl: new URL('/webhook-waiting/1', receiver.taking).href,
    secret: `whsec_${randomBytes(32).toString('base64')}`,
  }),
  'events.assignSplit': () => ({ branches: [{ name: 'With Coupon', percent: 100 }] }),
  'events.getSplit': async (workshop, owner) => ({
    split: (await workshop.make<{ split: string }>('events.assignSplit', owner)).split,
  }),
};

export const fraudRecipes: Recipes = {
  'fraud.scoreOrder': async (workshop, owner, given) => {
    await workshop.run('fraud.setPolicy', { alwaysReviewFrom: 0, neverRejectBelow: 1 });
    const orderId = given['orderId'] ?? (await workshop.make<{ id: string }>('orders.placeOrder', owner)).id;
    return { orderId, order: await workshop.run('orders.getOrder', { orderId }) };
  },
  'fraud.labelOrder': async (workshop, owner) => ({
    orderId: (await workshop.make<{ orderId: string }>('fraud.scoreOrder', owner)).orderId,
  }),
};

/** Something that was done is in the trail a second later. */
const firstEntry = (workshop: Workshop) =>
  until(
    'an entry is in the audit trail',
    () => workshop.run<{ items: { id: string }[] }>('audit.listEntries', { limit: 1 }),
    ({ items }) => items.length > 0,
  );

export const auditRecipes: Recipes = {
  'audit.getEntry': async (workshop) => ({ entryId: (await firstEntry(workshop)).items[0]?.id }),
  'audit.anchorTrail': async (workshop) => {
    await firstEntry(workshop);
    return {};
  },
  'audit.recordEntries': () => ({
    entries: [
      {
        ...{ id: randomUUID(), at: new Date().toISOString(), operation: 'shop.doSomething', caller: 'key:workshop' },
        ...{ address: null, correlationId: freshCode(), details: null },
      },
    ],
  }),
};
