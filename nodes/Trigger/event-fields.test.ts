import { fieldsOf, requireFields } from './event-fields.ts';
import { settingsOf } from './settings.ts';

const paths = (...types: string[]) => fieldsOf(types).map(({ path }) => path);

describe('the fields of events', () => {
  test('are those of the chosen types, lists by a star, and those of every event', () => {
    expect(paths('cart.abandoned')).toEqual([
      ...['data.cartId', 'data.customerId', 'data.currency', 'data.lines.*.sku', 'data.lines.*.quantity'],
      ...['data.subtotal.amount', 'data.subtotal.currency', 'data.hasEmail', 'data.lastChangedAt'],
      ...['subject', 'type', 'source', 'time', 'id', 'sequence', 'correlationid', 'causationid'],
    ]);
  });

  test('say what they hold', () => {
    const kinds = new Map(fieldsOf(['order.created']).map(({ path, kind }) => [path, kind]));
    expect(kinds.get('data.totals.grandTotal.amount')).toBe('Number of minor units: 1999 is 19.99 EUR');
    expect(kinds.get('data.paymentMethod')).toBe('One of wallet, cash_on_delivery, card');
    expect(kinds.get('data.lines.*.quantity')).toBe('Number');
  });

  test('several types have the fields of each', () => {
    expect(paths('order.created', 'inventory.low')).toEqual(
      expect.arrayContaining(['data.totals.tax.amount', 'data.threshold']),
    );
  });
});

describe('a condition', () => {
  const of =
    (field: string, ...types: string[]) =>
    () =>
      requireFields([{ field }], types);

  test.each(['data.lines.*.sku', 'data.lines.0.sku', 'data.totals', 'data.customerId', 'subject', 'causationid'])(
    'on %s is one on a field that there is',
    (field) => {
      expect(of(field, 'order.created')).not.toThrow();
    },
  );

  test('on a field that no chosen type has is refused, with those of the same name', () => {
    expect(of('data.totals.grandTotal.amount', 'order.confirmed')).toThrow(
      'No event of the chosen types has the field "data.totals.grandTotal.amount". Did you mean data.grandTotal.amount? Choose one from the list.',
    );
    expect(of('data.nothing', 'customer.enabled')).toThrow('There are data.customerId. Choose one from the list.');
    expect(of('data.totals.grandTotal.amount', 'order.confirmed', 'order.created')).not.toThrow();
  });

  test('on anything in the data of a type of one’s own is taken', () => {
    expect(of('data.anything', 'custom.door_opened')).not.toThrow();
  });

  test('from the list or as text, a wrong field stops the trigger', () => {
    const read = (field: unknown) => () =>
      settingsOf(
        (name, fallback) =>
          ({
            eventTypes: ['order.confirmed'],
            conditions: { condition: [{ field, operator: 'equals', kind: 'text', value: 'x' }] },
          })[name] ?? fallback,
      );
    expect(read('data.nothing')).toThrow('has the field "data.nothing"');
    expect(read({ __rl: true, mode: 'list', value: 'data.nothing' })).toThrow('has the field "data.nothing"');
    expect(read({ __rl: true, mode: 'list', value: 'data.number' })().filter?.conditions[0]?.field).toBe('data.number');
  });
});
