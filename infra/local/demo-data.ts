import { createClient, type Client } from '../../microservices/chassis/client.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { groupsContract } from '../../microservices/groups/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';

/** The small shop that a new platform starts with: titles in two languages, prices in cents of EUR, tax included. */
const SHOP: readonly { sku: string; en: string; de: string; price: number; grams: number; stock: number }[] = [
  { sku: 'LANTERN-01', en: 'Paper lantern', de: 'Papierlaterne', price: 1290, grams: 180, stock: 400 },
  { sku: 'MUG-BLUE', en: 'Stoneware mug, blue', de: 'Steingutbecher, blau', price: 1450, grams: 420, stock: 250 },
  { sku: 'MUG-SAND', en: 'Stoneware mug, sand', de: 'Steingutbecher, sand', price: 1450, grams: 420, stock: 250 },
  { sku: 'TEA-GREEN', en: 'Green tea, 100 g', de: 'Grüner Tee, 100 g', price: 890, grams: 120, stock: 600 },
  { sku: 'TEA-EARL', en: 'Earl Grey, 100 g', de: 'Earl Grey, 100 g', price: 790, grams: 120, stock: 600 },
  { sku: 'POT-IRON', en: 'Cast-iron teapot', de: 'Gusseiserne Teekanne', price: 6900, grams: 1900, stock: 60 },
  { sku: 'CANDLE-WAX', en: 'Beeswax candle', de: 'Bienenwachskerze', price: 640, grams: 210, stock: 500 },
  { sku: 'THROW-WOOL', en: 'Wool throw', de: 'Wolldecke', price: 8900, grams: 1400, stock: 40 },
  { sku: 'BASKET-M', en: 'Willow basket, medium', de: 'Weidenkorb, mittel', price: 3400, grams: 900, stock: 80 },
  {
    sku: 'CARD-SET',
    en: 'Letterpress cards, set of 8',
    de: 'Druckkarten, 8er-Set',
    price: 1800,
    grams: 150,
    stock: 300,
  },
  { sku: 'APRON-LIN', en: 'Linen apron', de: 'Leinenschürze', price: 4200, grams: 350, stock: 90 },
  { sku: 'SOAP-LAV', en: 'Lavender soap', de: 'Lavendelseife', price: 550, grams: 110, stock: 700 },
];

/**
 * Creates what is missing of the demo shop: products on sale, stock in one warehouse, shipping and tax, one promotion,
 * one group campaign, one for bargains. Safe to repeat and to continue after an interruption. Returns a line that says
 * what is there.
 */
export const createDemoData = async (url: string, credential: string): Promise<string> => {
  const options = { url, credential };
  const catalog = createClient(catalogContract, options);
  const inventory = createClient(inventoryContract, options);
  const orders = createClient(ordersContract, options);
  await Promise.all([sellProducts(catalog), stockWarehouse(inventory), setTerms(orders)]);
  const groups = createClient(groupsContract, options);
  await runCampaign(groups);
  await runBargains(groups);
  return `${SHOP.length} products on sale`;
};

/** Runs a creation; when the thing is there already answers the problem that says so instead. */
const unlessThere = async <T>(create: Promise<T>, code: string): Promise<T | Problem> => {
  try {
    return await create;
  } catch (error) {
    if (error instanceof Problem && error.code === code) return error;
    throw error;
  }
};

const sellProducts = async (catalog: Client<typeof catalogContract>): Promise<void> => {
  const list = await unlessThere(
    catalog.createPriceList({ code: 'demo', title: 'Demo prices', currency: 'EUR' }),
    'CODE_TAKEN',
  );
  const priceListId = list instanceof Problem ? (list.data as { priceListId: string }).priceListId : list.id;
  for (const { sku, en, de, grams } of SHOP) {
    await unlessThere(
      catalog.createProduct({
        title: { en, de },
        description: { en: `${en} from the demo shop.` },
        variants: [{ sku, weightGrams: grams }],
      }),
      'SKU_TAKEN',
    );
  }
  await catalog.setPrices({
    priceListId,
    prices: SHOP.map(({ sku, price }) => ({ sku, unitPrice: { amount: price, currency: 'EUR' } })),
  });
  for (const { sku } of SHOP) await publish(catalog, sku);
};

const publish = async (catalog: Client<typeof catalogContract>, sku: string): Promise<void> => {
  const { productId } = await catalog.getVariantBySku({ sku });
  const { state } = await catalog.getProduct({ productId });
  if (state === 'draft') await catalog.submitProduct({ productId });
  if (state === 'draft' || state === 'in_review') await catalog.publishProduct({ productId });
};

/** Of a SKU with so many units left, staff hear. */
const LOW_STOCK = 20;

const stockWarehouse = async (inventory: Client<typeof inventoryContract>): Promise<void> => {
  // A shop that has set or lifted it keeps what it said.
  const { updatedAt } = await inventory.getStockDefaults({});
  if (updatedAt === null) await inventory.setStockDefaults({ lowStockThreshold: LOW_STOCK });
  await unlessThere(
    inventory.createLocation({ code: 'demo-warehouse', name: 'Demo warehouse', country: 'DE' }),
    'LOCATION_CODE_TAKEN',
  );
  const { items } = await inventory.listLocations({ search: 'demo-warehouse' });
  const location = items.find(({ code }) => code === 'demo-warehouse');
  if (!location)
    throw new Error('The demo warehouse was created and cannot be found: see the log of the inventory service.');
  for (const { sku, stock } of SHOP) {
    const item = await unlessThere(inventory.getItem({ sku }), 'ITEM_NOT_FOUND');
    if (item instanceof Problem)
      await inventory.receiveStock({ sku, locationId: location.id, quantity: stock, reference: 'opening-stock' });
  }
};

const setTerms = async (orders: Client<typeof ordersContract>): Promise<void> => {
  await orders.setShippingMethod({
    code: 'standard',
    currency: 'EUR',
    title: 'Standard, 2 to 4 days',
    rates: [
      { countries: ['DE'], upToGrams: null, amount: 490, freeFrom: 5_000 },
      { countries: [], upToGrams: null, amount: 1_290, freeFrom: null },
    ],
  });
  await orders.setTaxRate({ country: 'DE', category: 'standard', rate: 1_900, title: 'MwSt.' });
  await orders.setTaxRate({ country: 'DE', category: 'reduced', rate: 700, title: 'MwSt.' });
  await orders.setTaxRate({ country: 'FR', category: 'standard', rate: 2_000, title: 'TVA' });
  await unlessThere(
    orders.createPromotion({
      code: 'WELCOME10',
      title: '10 % off your first order',
      kind: 'percentage',
      percentage: 1_000,
      usageLimitPerCustomer: 1,
    }),
    'CODE_TAKEN',
  );
};

const CAMPAIGN = 'Warm together';
const CAMPAIGN_DAYS = 90;

/** An open group campaign: two pay less for a throw, three still less. A shop that has ended it gets no other. */
const runCampaign = async (groups: Client<typeof groupsContract>): Promise<void> => {
  const { items } = await groups.listCampaigns({ sku: 'THROW-WOOL', limit: 1 });
  const [known] = items;
  const now = Date.now();
  const campaign =
    known ??
    (await groups.createCampaign({
      name: CAMPAIGN,
      sku: 'THROW-WOOL',
      currency: 'EUR',
      tiers: [
        { size: 2, price: 7_900 },
        { size: 3, price: 6_900 },
      ],
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + CAMPAIGN_DAYS * 86_400_000).toISOString(),
    }));
  if (campaign.state === 'draft' && campaign.name === CAMPAIGN)
    await groups.scheduleCampaign({ campaignId: campaign.id });
};

/** Bargains for a basket: five friends cut 34.00 EUR down to 25.00. A shop that has ended it gets no other. */
const runBargains = async (groups: Client<typeof groupsContract>): Promise<void> => {
  const { items } = await groups.listBargainCampaigns({ sku: 'BASKET-M', limit: 1 });
  if (items.length > 0) return;
  const now = Date.now();
  await groups.createBargainCampaign({
    ...{ name: 'Slash the basket', sku: 'BASKET-M', currency: 'EUR', floorPrice: 2_500, cuts: 5 },
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + CAMPAIGN_DAYS * 86_400_000).toISOString(),
  });
};
