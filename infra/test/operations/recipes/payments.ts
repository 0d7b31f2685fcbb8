import { after, also, type Recipes } from './recipe.ts';

const idOf = (output: unknown): string => (output as { id: string }).id;

export const paymentsRecipes: Recipes = {
  'payments.createPayment': async (workshop, owner, given) => ({
    orderId: given['orderId'] ?? idOf(await workshop.make('orders.placeOrder', owner)),
    cartId: undefined,
    customerId: undefined,
    amount: undefined,
    parts: [{ method: 'card' }],
  }),
  'payments.authorizePayment': () => ({ token: 'tok_pays', partId: undefined }),
  'payments.capturePayment': also(after('payments.authorizePayment'), () => ({ amount: undefined })),
  'payments.voidPayment': after('payments.authorizePayment'),
  'payments.refundPayment': also(after('payments.capturePayment'), () => ({ amount: { amount: 1, currency: 'EUR' } })),
};
