import fc from 'fast-check';
import { featuresOf, type Features } from './features.ts';
import {
  DAY,
  HOUR,
  shopDaysOf,
  type Fact,
  type History,
  type Label,
  type OrderFacts,
  type Sighting,
} from './features/history.ts';

const NOON = Date.UTC(2026, 10, 20, 12);

const order = (changes: Partial<OrderFacts> = {}): OrderFacts => ({
  orderId: 'ord_now',
  customerId: 'cus_1',
  amount: 10_000,
  currency: 'EUR',
  shippingCountry: 'DE',
  billingCountry: null,
  paymentMethod: 'wallet',
  largestQuantity: 1,
  placedAt: NOON,
  ...changes,
});
let count = 0;
const fact = (kind: Fact['kind'], at: number, changes: Partial<Fact> = {}): Fact => ({
  id: String((count += 1)).padStart(8, '0'),
  kind,
  at,
  orderId: null,
  amount: null,
  currency: null,
  country: null,
  ...changes,
});
const placed = (at: number, amount: number, orderId = `ord_${at}`, country = 'DE'): Fact =>
  fact('order_placed', at, { orderId, amount, currency: 'EUR', country });
const history = (changes: Partial<History> = {}): History => ({
  facts: [],
  sightings: [],
  labels: [],
  shopDays: [],
  ...changes,
});
const sighting = (at: number, changes: Partial<Sighting> = {}): Sighting => ({
  entity: 'device',
  hash: 'phone',
  at,
  orderId: `ord_${at}`,
  customerId: `cus_${at}`,
  ...changes,
});

describe('features of an order', () => {
  test('velocity counts the customer’s orders and failed payments before it, not the order itself nor later ones', () => {
    const facts = [
      placed(NOON - 10, 100),
      placed(NOON - HOUR, 100),
      placed(NOON - HOUR - 1, 100),
      placed(NOON - DAY - 1, 100),
      placed(NOON, 100, 'ord_now'),
      placed(NOON + 1, 100),
      fact('payment_failed', NOON - 5),
      fact('payment_failed', NOON + 5),
    ];
    const seen = featuresOf(order(), history({ facts }));
    // One order in the 30 days before the last is hardly a habit.
    expect(seen.ordersLastHourAboveUsual).toBeCloseTo(2, 2);
    expect(seen.ordersLastDayAboveUsual).toBeCloseTo(3 - 1 / 30, 1);
    expect(seen.paymentFailuresLastDay).toBe(1);
  });

  test('five orders a day are usual for a customer who places five every day', () => {
    const everyDay = Array.from({ length: 150 }, (_, index) => placed(NOON - DAY - 1 - index * (DAY / 5), 100));
    const today = Array.from({ length: 5 }, (_, index) => placed(NOON - 1 - index * (DAY / 5), 100));
    const seen = featuresOf(order(), history({ facts: [...everyDay, ...today] }));
    expect(seen.ordersLastDayAboveUsual).toBeCloseTo(0, 9);
    expect(featuresOf(order(), history({ facts: today })).ordersLastDayAboveUsual).toBe(5);
  });

  test('the amount is compared with the mean of three or more earlier orders in the same currency', () => {
    const two = [placed(NOON - 3 * DAY, 2_000), placed(NOON - 2 * DAY, 4_000)];
    expect(featuresOf(order(), history({ facts: two })).amountToOwnMean).toBeNull();
    const three = [...two, placed(NOON - DAY, 6_000)];
    expect(featuresOf(order(), history({ facts: three })).amountToOwnMean).toBe(2.5);
    expect(featuresOf(order({ currency: 'USD' }), history({ facts: three })).amountToOwnMean).toBeNull();
  });

  test('the shop’s mean is that of complete days before the order’s day', () => {
    const shopDays = [
      { currency: 'EUR', day: Math.floor(NOON / DAY) - 1, orders: 40, amount: 40 * 2_000 },
      { currency: 'EUR', day: Math.floor(NOON / DAY), orders: 1_000, amount: 1 },
      { currency: 'USD', day: Math.floor(NOON / DAY) - 1, orders: 1_000, amount: 1 },
      { currency: 'EUR', day: Math.floor(NOON / DAY) - 31, orders: 1_000, amount: 1 },
    ];
    expect(featuresOf(order(), history({ shopDays })).amountToShopMean).toBe(5);
  });

  test('countries are compared with the account’s latest, the ones shipped to, and billing', () => {
    const facts = [
      fact('registered', NOON - 90 * DAY, { country: 'FR' }),
      fact('profile_changed', NOON - 9 * DAY, { country: 'DE' }),
      fact('profile_changed', NOON - 8 * DAY, { country: null }),
      placed(NOON - 5 * DAY, 100, 'ord_old', 'AT'),
    ];
    expect(featuresOf(order({ billingCountry: 'US' }), history({ facts }))).toMatchObject({
      countryDiffersFromAccount: false,
      newCountry: true,
      countryDiffersFromBilling: true,
      accountAgeHours: 90 * 24,
      contactVerified: false,
    });
  });

  test('a guest has no past of their own, and without a history all of it is unknown', () => {
    const facts = [placed(NOON - 10, 100)];
    const guest = featuresOf(order({ customerId: null }), history({ facts }));
    expect(guest).toMatchObject({ guest: true, ordersLastHourAboveUsual: null, accountAgeHours: null });
    const unknown = featuresOf(order(), undefined);
    const known = Object.entries(unknown).filter(([, value]) => value !== null);
    expect(Object.fromEntries(known)).toEqual({ guest: false, payOnDelivery: false, largestQuantity: 1 });
    expect(Object.values(featuresOf(undefined, undefined)).every((value) => value === null)).toBe(true);
  });

  test('devices link customers; the order’s own customer and others long ago do not count', () => {
    const sightings = [
      sighting(NOON - DAY, { customerId: 'cus_2' }),
      sighting(NOON - 2 * DAY, { customerId: 'cus_3' }),
      sighting(NOON - 3 * DAY, { customerId: 'cus_1' }),
      sighting(NOON - 8 * DAY, { customerId: 'cus_4' }),
      sighting(NOON + 1, { customerId: 'cus_5' }),
    ];
    expect(featuresOf(order(), history({ sightings })).linkedCustomers).toBe(2);
  });

  test('amounts are set beside the customer’s own orders in the same currency, known frauds left out', () => {
    const amounts = [2_000, 2_000, 4_000, 4_000];
    const facts = [
      ...amounts.map((amount, index) => placed(NOON - (20 + index) * DAY, amount)),
      placed(NOON - 6 * DAY, 9_000, 'ord_large'),
      placed(NOON - 3 * DAY, 90_000, 'ord_fraud'),
    ];
    const labels = [{ orderId: 'ord_fraud', label: 'fraud' as const, at: NOON - DAY }];
    expect(featuresOf(order(), history({ facts, labels }))).toMatchObject({
      earlierOrders: 6,
      amountToOwnMedian: 2.5,
      largeOrdersLastWeek: 0,
      hoursSinceOwnFraud: 72,
    });
    // Before its label the fraud is an order like any other.
    const unlabelled = featuresOf(order(), history({ facts }));
    expect(unlabelled).toMatchObject({ largeOrdersLastWeek: 1, largeOrdersLastFortnight: 1, hoursSinceOwnFraud: null });
    expect(featuresOf(order({ currency: 'USD' }), history({ facts })).amountToOwnMedian).toBeNull();
  });

  test('an entity is known by its settled orders: shares of fraud by window, and frauds in a row at the end', () => {
    const seen = [30, 16, 12, 9, 8, 2].map((days) => sighting(NOON - days * DAY));
    const label = (days: number, given: Label['label']): Label => ({
      orderId: `ord_${NOON - days * DAY}`,
      label: given,
      at: NOON - (days - 7) * DAY,
    });
    const labels = [
      label(30, 'fraud'),
      label(16, 'legitimate'),
      label(12, 'fraud'),
      label(9, 'fraud'),
      label(8, 'fraud'),
    ];
    const windows = featuresOf(order(), history({ sightings: seen, labels }));
    expect(windows).toMatchObject({
      entityOrders: 6,
      entityFraudsLastDay: 1,
      entityFraudsLastWeek: 1,
      entityFraudsLastMonth: 4 / 5,
      entityFraudRun: 3,
      entityFraudRunHours: 12 * 24,
      hoursSinceEntityFraud: 8 * 24,
    });
    // The worst of several is the one that counts.
    const harmless = sighting(NOON - 20 * DAY, { hash: 'other' });
    expect(featuresOf(order(), history({ sightings: [harmless, ...seen], labels }))).toEqual(
      expect.objectContaining({ entityFraudRun: 3, entityOrders: 6 }),
    );
  });

  test('risk is the smoothed share of fraud among settled orders, by what was known when', () => {
    const old = Array.from({ length: 9 }, (_, index) => sighting(NOON - (10 + index) * DAY));
    const recent = sighting(NOON - DAY);
    const label = (one: Sighting | undefined, at: number, given: Label['label'] = 'fraud'): Label => ({
      orderId: one?.orderId ?? '',
      label: given,
      at,
    });
    const risk = (labels: Label[]): number | null =>
      featuresOf(order(), history({ sightings: [...old, recent], labels })).entityRisk;
    expect(risk([])).toBeCloseTo(0.05 / 19);
    expect(risk([label(old[0], NOON - 1)])).toBeCloseTo(1.05 / 19);
    expect(risk([label(old[0], NOON + 1)])).toBeCloseTo(0.05 / 19);
    expect(risk([label(old[0], NOON - 2), label(old[0], NOON - 1, 'legitimate')])).toBeCloseTo(0.05 / 19);
    expect(risk([label(recent, NOON - 1)])).toBeCloseTo(1.05 / 20);
  });
});

describe('point in time', () => {
  const customers = ['cus_1', 'cus_2', null];
  const kinds = ['registered', 'verified', 'payment_failed', 'topped_up', 'password_reset', 'profile_changed'] as const;
  const at = fc.integer({ min: 0, max: 60 * 24 }).map((hours) => NOON - 60 * DAY + hours * HOUR);
  const country = fc.constantFrom('DE', 'FR', null);

  interface World {
    orders: (OrderFacts & { device: string; labelledAfter: number | null; fraud: boolean; deliveredAfter: number })[];
    others: { kind: (typeof kinds)[number]; at: number; customerId: string; country: string | null }[];
  }
  const world: fc.Arbitrary<World> = fc.record({
    orders: fc.array(
      fc.record({
        orderId: fc.uuid(),
        customerId: fc.constantFrom(...customers),
        amount: fc.integer({ min: 0, max: 100_000 }),
        currency: fc.constantFrom('EUR', 'USD'),
        shippingCountry: country,
        billingCountry: country,
        paymentMethod: fc.constantFrom('wallet', 'cash_on_delivery', null),
        largestQuantity: fc.integer({ min: 1, max: 20 }),
        placedAt: at,
        device: fc.constantFrom('phone', 'tablet'),
        labelledAfter: fc.option(fc.integer({ min: 1, max: 20 * 24 }).map((hours) => hours * HOUR)),
        fraud: fc.boolean(),
        deliveredAfter: fc.integer({ min: 1, max: 200 }).map((hours) => hours * HOUR),
      }),
      { minLength: 1, maxLength: 50 },
    ),
    others: fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), at, customerId: fc.constantFrom('cus_1', 'cus_2'), country }),
      { maxLength: 30 },
    ),
  });

  type Logged =
    | { of: 'fact'; customerId: string | null; fact: Fact }
    | { of: 'sighting'; sighting: Sighting }
    | { of: 'label'; label: Label }
    | { of: 'shop'; order: { at: number; currency: string; amount: number } };
  const momentOf = (logged: Logged): number =>
    logged.of === 'fact'
      ? logged.fact.at
      : logged.of === 'sighting'
        ? logged.sighting.at
        : logged.of === 'label'
          ? logged.label.at
          : logged.order.at;

  /** Everything that ever happens, one entry per thing. */
  const logOf = ({ orders, others }: World): Logged[] => [
    ...others.map(({ kind, at: when, customerId, country: where }): Logged => ({
      of: 'fact',
      customerId,
      fact: fact(kind, when, { country: where }),
    })),
    ...orders.flatMap((one): Logged[] => {
      const { orderId, customerId, amount, currency, placedAt } = one;
      const about = { orderId, amount, currency, country: one.shippingCountry };
      return [
        { of: 'fact', customerId, fact: fact('order_placed', placedAt, about) },
        { of: 'fact', customerId, fact: fact('order_delivered', placedAt + one.deliveredAfter, { orderId }) },
        { of: 'sighting', sighting: { entity: 'device', hash: one.device, at: placedAt, orderId, customerId } },
        { of: 'shop', order: { at: placedAt, currency, amount } },
        ...(one.labelledAfter === null
          ? []
          : [
              {
                of: 'label' as const,
                label: {
                  orderId,
                  at: placedAt + one.labelledAfter,
                  label: one.fraud ? ('fraud' as const) : ('legitimate' as const),
                },
              },
            ]),
      ];
    }),
  ];

  const historyFor = (log: readonly Logged[], customerId: string | null, device: string): History => ({
    facts: log.flatMap((logged) => (logged.of === 'fact' && logged.customerId === customerId ? [logged.fact] : [])),
    sightings: log.flatMap((logged) =>
      logged.of === 'sighting' && logged.sighting.hash === device ? [logged.sighting] : [],
    ),
    labels: log.flatMap((logged) => (logged.of === 'label' ? [logged.label] : [])),
    shopDays: shopDaysOf(log.flatMap((logged) => (logged.of === 'shop' ? [logged.order] : []))),
  });

  test('online at each order, and in a batch over the whole log in any order, every row is the same', () => {
    let rows = 0;
    fc.assert(
      fc.property(world, fc.infiniteStream(fc.nat()), (made, random) => {
        const log = logOf(made);
        const shuffled = log
          .map((logged) => ({ logged, key: Number(random.next().value) }))
          .toSorted((left, right) => left.key - right.key)
          .map(({ logged }) => logged);
        for (const one of made.orders) {
          const soFar = log.filter((logged) => momentOf(logged) <= one.placedAt);
          const online: Features = featuresOf(one, historyFor(soFar, one.customerId, one.device));
          expect(featuresOf(one, historyFor(shuffled, one.customerId, one.device))).toEqual(online);
          rows += 1;
        }
      }),
      { numRuns: 150 },
    );
    expect(rows).toBeGreaterThan(150);
  });

  test('of a history beyond the bound the newest facts count, in whatever order they come', () => {
    const facts = Array.from({ length: 2_500 }, (_, index) => placed(NOON - 2_600_000 + index * 1_000, 100 + index));
    const seen = featuresOf(order(), history({ facts }));
    expect(featuresOf(order(), history({ facts: facts.toReversed() }))).toEqual(seen);
    expect(seen.ordersLastHourAboveUsual).toBe(2_000);
  });
});
