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
