import { after, also, until, type Recipe, type Recipes } from './recipe.ts';

const idOf = (output: unknown): string => (output as { id: string }).id;

/** A captured card payment that the test bank's customer disputes. */
const disputed: Recipe = async (workshop, owner, given) => {
  if (given['disputeId']) return {};
  const { id: paymentId } = await workshop.make<{ id: string }>('payments.createPayment', owner);
  await workshop.run('payments.authorizePayment', { paymentId, token: 'tok_disputes' });
  await workshop.run('payments.capturePayment', { paymentId });
  const { items } = await until(
    'the payment is disputed',
    () => workshop.run<{ items: { id: string }[] }>('payments.listDisputes', { paymentId }),
    (page) => page.items.length > 0,
  );
  return { disputeId: items[0]?.id };
};

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
  'payments.getDispute': disputed,
  'payments.submitEvidence': disputed,
  'payments.reconcilePayments': () => ({
    from: new Date(Date.now() - 3_600_000).toISOString(),
    to: new Date(Date.now() - 1_800_000).toISOString(),
  }),
};
