import fc from 'fast-check';
import { fromMessage, toMessage, typeOf, UndecodableMessage, type CommerceEvent } from './envelope.ts';

const headerText = fc.string({ minLength: 1, unit: 'grapheme' });
const anyEvent: fc.Arbitrary<CommerceEvent> = fc.record(
  {
    id: fc.uuid(),
    type: headerText,
    source: headerText,
    subject: headerText,
    time: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    sequence: fc.nat(),
    correlationid: headerText,
    causationid: headerText,
    traceparent: headerText,
    dataschema: headerText,
    data: fc.jsonValue(),
  },
  { requiredKeys: ['id', 'type', 'source', 'subject', 'time', 'sequence', 'correlationid', 'dataschema', 'data'] },
);

/** As a broker hands it on: bytes. */
const overTheWire = (message: ReturnType<typeof toMessage>) => ({
  value: Buffer.from(message.value),
  headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, Buffer.from(value)])),
});

describe('the envelope', () => {
  test('any event survives the way through Kafka', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const received = overTheWire(toMessage(event));
        expect(fromMessage(received)).toEqual(JSON.parse(JSON.stringify(event)));
        expect(typeOf(received)).toBe(event.type);
      }),
    );
  });

  test('is CloudEvents 1.0 in Kafka’s binary mode, with the aggregate as the key', () => {
    const message = toMessage({
      id: '01970000-0000-7000-8000-000000000001',
      type: 'order.created',
      source: '/orders',
      subject: 'ord_1',
      time: '2026-01-01T00:00:00.000Z',
      sequence: 3,
      correlationid: 'c',
      dataschema: '/events/schemas/order.created',
      data: { total: 1 },
    });
    expect(message).toEqual({
      key: 'ord_1',
      value: '{"total":1}',
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: '01970000-0000-7000-8000-000000000001',
        ce_type: 'order.created',
        ce_source: '/orders',
        ce_subject: 'ord_1',
        ce_time: '2026-01-01T00:00:00.000Z',
        ce_dataschema: '/events/schemas/order.created',
        ce_sequence: '3',
        ce_correlationid: 'c',
      },
    });
  });

  test('any bytes are decoded or refused with a reason, never anything else', () => {
    const bytes = fc.uint8Array().map((array) => Buffer.from(array));
    const message = fc.record({
      value: fc.option(bytes),
      headers: fc.option(
        fc.dictionary(fc.constantFrom('ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time', 'ce_sequence'), bytes),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(message, (received) => {
        try {
          fromMessage(received);
        } catch (error) {
          expect(error).toBeInstanceOf(UndecodableMessage);
          expect(String(error)).toMatch(/not a CloudEvent of the platform: /);
        }
      }),
    );
  });
});
