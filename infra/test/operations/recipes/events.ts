import { randomBytes } from 'node:crypto';
import { after, until, type Recipes } from './recipe.ts';

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
  'events.resumeSubscription': after('events.pauseSubscription'),
  // Long enough that it is still waiting at the end.
  'events.createWait': () => ({
    timeoutSeconds: 3_600,
    resumeUrl: 'http://127.0.0.1:9/webhook-waiting/1',
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
