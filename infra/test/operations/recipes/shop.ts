import { newId } from '../../../../microservices/chassis/ids.ts';
import { freshCode, PLAIN_ADDRESS } from '../plain-input.ts';
import { verified } from './people.ts';
import { after, also, until, type Recipe, type Recipes } from './recipe.ts';

interface Order {
  id: string;
  paymentState: string;
  lines: { lineId: string; sku: string; quantity: number }[];
  totals: { grandTotal: { amount: number; currency: string } };
}

interface Erasure {
  services: { service: string; waitsBecause: string | null }[];
}

const idOf = (output: unknown): string => (output as { id: string }).id;

/** A product that the demo shop sells. */
const onSale: Recipe = async (workshop) => {
  const variant = await workshop.run<{ id: string; productId: string }>('catalog.getVariantBySku', { sku: 'MUG-BLUE' });
  const { slug } = await workshop.run<{ slug: string }>('catalog.getProduct', { productId: variant.productId });
  return { productId: variant.productId, variantId: variant.id, slug };
};
/** A collection that shoppers see. */
const onDisplay: Recipe = async (workshop, owner) => {
  const { id: collectionId, slug } = await workshop.make<{ id: string; slug: string }>(
    'catalog.createCollection',
    owner,
    { published: true },
  );
  return { collectionId, slug };
};
const only =
  (recipe: Recipe, ...names: string[]): Recipe =>
  async (...all) => {
    const fields = await recipe(...all);
    return Object.fromEntries(names.map((name) => [name, fields[name]]));
  };

export const catalogRecipes: Recipes = {
  'catalog.getProduct': only(onSale, 'productId'),
  'catalog.getProductBySlug': only(onSale, 'slug'),
  'catalog.getVariant': only(onSale, 'variantId'),
  'catalog.getCollection': only(onDisplay, 'collectionId'),
  'catalog.getCollectionBySlug': only(onDisplay, 'slug'),
  'catalog.moveInCollection': async (workshop, owner, given) => {
    const productId = idOf(await workshop.make('catalog.createProduct', owner));
    const { id: collectionId } = await workshop.make<{ id: string }>('catalog.addToCollection', owner, {
      ...given,
      productIds: [productId],
    });
    return { collectionId, productIds: [productId] };
  },
  // A 3-D model without a scene: its bytes are text.
  'catalog.uploadMedia': () => ({ body: 'glTF\x02\x00\x00\x00\x0c\x00\x00\x00' }),
  'catalog.createSynonyms': () => ({ phrases: [freshCode(), freshCode()] }),
  'catalog.updateSynonyms': () => ({ phrases: [freshCode(), freshCode()] }),
  'catalog.createSearchRedirect': () => ({ query: freshCode(), target: '/sale' }),
  'catalog.updateSearchRedirect': () => ({ target: '/sale' }),
  'catalog.addVariant': () => ({ sku: freshCode() }),
  'catalog.submitProduct': async (workshop, owner, given) => {
    const productId = given['productId'] ?? idOf(await workshop.make('catalog.createProduct', owner));
    const { sku } = await workshop.make<{ sku: string }>('catalog.addVariant', owner, { productId });
    await workshop.make('catalog.setPrice', owner, { sku });
    return { productId };
  },
  'catalog.rejectProduct': after('catalog.submitProduct'),
  'catalog.publishProduct': after('catalog.submitProduct'),
  'catalog.restoreProduct': after('catalog.archiveProduct'),
};

export const inventoryRecipes: Recipes = {
  'inventory.transferStock': async (workshop, owner, given) => {
    const fromLocationId = given['fromLocationId'] ?? idOf(await workshop.make('inventory.createLocation', owner));
    await workshop.make('inventory.receiveStock', owner, { locationId: fromLocationId });
    return {
      fromLocationId,
      toLocationId: idOf(await workshop.make('inventory.createLocation', owner)),
      inTransit: true,
    };
  },
  'inventory.shipStock': after('inventory.commitReservation'),
  'inventory.returnStock': after('inventory.commitReservation'),
};

/** Money that the owner can spend. */
const funded: Recipe = async (workshop, { customerId }) => {
  await workshop.make('wallet.topUp', { customerId } as never, { amount: { amount: 1_000_000, currency: 'EUR' } });
  return {};
};
const captured: Recipe = after('wallet.captureHold');

/** What an erased customer left: the wallet has closed the account and says why the erasure waits. */
const leftByErased: Recipe = async (workshop) => {
  const { customerId } = await workshop.person();
  const amount = { amount: 100, currency: 'EUR' };
  await workshop.run('wallet.topUp', { ownerId: customerId, amount, reference: freshCode() });
  await workshop.run('customers.eraseCustomer', { customerId });
  await until(
    `the erasure of ${customerId} waits for the wallet`,
    () => workshop.run<Erasure>('customers.getErasure', { customerId }),
    ({ services }) => services.some(({ service, waitsBecause }) => service === 'wallet' && waitsBecause !== null),
  );
  return { ownerId: customerId, amount };
};

export const walletRecipes: Recipes = {
  // Limits and freezes must not meet the payments of other operations, which are in EUR.
  'wallet.openAccount': () => ({ currency: 'USD' }),
  'wallet.postClearing': () => ({
    transfers: [{ debit: 'card_clearing', credit: 'sales', amount: { amount: 100, currency: 'EUR' } }],
  }),
  'wallet.payOut': funded,
  'wallet.authorizeHold': funded,
  'wallet.transfer': also(funded, async (workshop, { customerId }) => ({
    fromOwnerId: customerId,
    toOwnerId: (await workshop.person('guest')).customerId,
  })),
  'wallet.transferLinked': also(funded, (_workshop, { customerId }) => ({
    transfers: [
      { fromOwnerId: customerId, toOwnerId: freshCode(), amount: { amount: 1, currency: 'EUR' }, reference: 'r' },
    ],
  })),
  'wallet.refundCapture': captured,
  'wallet.writeOff': leftByErased,
};

/** Approves an order, reserves its stock and holds its money. */
const readyToConfirm: Recipe = async (workshop, owner, given) => {
  const orderId = given['orderId'] ?? idOf(await workshop.make('orders.placeOrder', owner));
  const order = await workshop.run<Order>('orders.approveOrder', { orderId });
  const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const reservation = await workshop.run('inventory.reserveStock', { ownerId: orderId, lines });
  const amount = order.totals.grandTotal;
  const hold = await workshop.make('wallet.authorizeHold', owner, { amount, reference: orderId });
  return { orderId, reservationId: idOf(reservation), holdId: idOf(hold) };
};

const confirmed: Recipe = async (workshop, owner, given) => {
  const input = await workshop.inputFor('orders.confirmOrder', owner, given);
  await workshop.run('orders.confirmOrder', input);
  return { orderId: input['orderId'], holdId: input['holdId'] };
};
const confirmedOnly: Recipe = only(confirmed, 'orderId');

/** Confirmed, its money taken, and orders knows of it. */
const paid: Recipe = async (...all) => {
  const [workshop] = all;
  const { orderId, holdId } = await confirmed(...all);
  await workshop.run('wallet.captureHold', { holdId });
  const order = await until(
    'the order is paid',
    () => workshop.run<Order>('orders.getOrder', { orderId }),
    ({ paymentState }) => paymentState === 'paid',
  );
  return { orderId, lines: [{ lineId: order.lines[0]?.lineId }] };
};

const partlyShipped: Recipe = async (...all) => {
  const [workshop] = all;
  const { orderId } = await confirmed(...all);
  const { lines } = await workshop.run<Order>('orders.getOrder', { orderId });
  await workshop.run('orders.shipOrder', { orderId, lines: [{ lineId: lines[0]?.lineId, quantity: 1 }] });
  return { orderId };
};

/** What a quote needs, whoever asks for it. */
const quoted = { currency: 'EUR', lines: [{ sku: 'TEA-GREEN', quantity: 2 }], shippingAddress: PLAIN_ADDRESS };

/** The owner, who proves the address, and an order that was placed with it as a guest. */
const claimable: Recipe = async (workshop, owner) => {
  const { customerId, email } = owner;
  await verified(workshop, owner, {});
  const quoteId = idOf(await workshop.run('orders.createQuote', { ...quoted, email }));
  return {
    customerId,
    orderId: idOf(await workshop.run('orders.placeOrder', { quoteId, paymentMethod: 'cash_on_delivery' })),
  };
};

/** An offer of a campaign, quoted for the owner. */
const offer: Recipe = (_workshop, { customerId }) => ({
  customerId,
  sku: 'TEA-GREEN',
  unitPrice: { amount: 700, currency: 'EUR' },
  shippingAddress: PLAIN_ADDRESS,
  expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
});

export const ordersRecipes: Recipes = {
  'orders.quoteOffer': offer,
  'orders.placeOffer': async (workshop, owner) => ({
    quoteId: idOf(await workshop.make('orders.quoteOffer', owner)),
    orderId: newId('ord'),
    unitPrice: { amount: 600, currency: 'EUR' },
  }),
  'orders.createCart': (_workshop, { customerId }) => ({ customerId, lines: [{ sku: 'TEA-GREEN', quantity: 1 }] }),
  'orders.setCartLines': () => ({ lines: [{ sku: 'TEA-GREEN', quantity: 1 }] }),
  'orders.abandonCart': async (workshop, owner) => ({ cartId: idOf(await workshop.make('orders.createCart', owner)) }),
  'orders.applyCoupon': async (workshop, owner) => ({
    code: (await workshop.make<{ code: string }>('orders.createPromotion', owner)).code,
  }),
  'orders.mergeCart': async (workshop, owner) => ({
    cartId: idOf(
      await workshop.run('orders.createCart', { currency: 'EUR', lines: [{ sku: 'TEA-GREEN', quantity: 1 }] }),
    ),
    customerId: owner.customerId,
  }),
  'orders.createQuote': (_workshop, { customerId, email }) => ({
    ...quoted,
    customerId,
    email,
  }),
  'orders.claimOrders': only(claimable, 'customerId'),
  'orders.linkOrder': claimable,
  'orders.exportOrders': (_workshop, { customerId }) => ({ customerId }),
  'orders.confirmOrder': readyToConfirm,
  'orders.shipOrder': confirmedOnly,
  'orders.deliverOrder': after('orders.shipOrder'),
  'orders.closeOrder': after('orders.deliverOrder'),
  'orders.cancelRest': partlyShipped,
  'orders.refundOrder': paid,
  'orders.createPromotion': () => ({ percentage: 1_000 }),
  'orders.deleteShippingMethod': after('orders.setShippingMethod'),
  'orders.deleteTaxRate': after('orders.setTaxRate'),
  'orders.setTaxRate': () => ({ country: 'PT', category: 'standard' }),
};
