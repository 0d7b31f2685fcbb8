import fc from 'fast-check';
import { allContracts } from '../../ai/contracts.ts';
import type { EventDeclaration } from '../../microservices/chassis/contract/index.ts';
import { schemaFault } from '../run/data-schema.ts';
import { declaredEvent, topicsOf } from './event-types.ts';
import { sampleEvent } from './sample-event.ts';
import { settingsOf } from './settings.ts';

const declared = allContracts.flatMap(({ domain, events }) =>
  Object.entries(events)
    .filter(([, { family }]) => !family)
    .map(([type, { payload, example }]) => ({ type, domain, payload, example })),
);

describe('the event types', () => {
  test.each(declared)('have a valid sample of $type, on the topic of its domain', ({ type, domain, payload }) => {
    const sample = sampleEvent(type);
    expect(payload.safeParse(sample.data).error).toBeUndefined();
    expect(sample.kafka.topic).toBe(`commerce.${domain}`);
    expect(schemaFault(sample.data, declaredEvent(type)?.schema ?? {})).toBeUndefined();
  });

  test.each(declared)('$type has an example in its contract, as it might really be', ({ payload, example }) => {
    expect(example).toBeDefined();
    expect(payload.safeParse(example)).toEqual({ success: true, data: example });
    expect(JSON.stringify(example)).not.toMatch(/"(text|string|en)"(?!:)/);
  });

  test('are declared once each', () => {
    expect(new Set(declared.map(({ type }) => type)).size).toBe(declared.length);
  });

  test('travel on the topic of their domain, custom ones on the topic of the events domain', () => {
    expect(topicsOf(['order.created', 'order.paid', 'custom.a', 'custom.b'])).toEqual([
      'commerce.orders',
      'commerce.events',
    ]);
    expect(sampleEvent('custom.a')).toMatchObject({ source: '/events', kafka: { topic: 'commerce.events' } });
  });

  test.each(['ordr.created', 'custom', 'custom.', 'customs.a', 'constructor'])('do not include %s', (type) => {
    const read = () => settingsOf((name, fallback) => (name === 'customEventTypes' ? `custom.a, ${type}` : fallback));
    expect(read).toThrow(`There is no event type "${type}". Choose one under Event Types.`);
    expect(() => topicsOf([type])).toThrow(`There is no event type "${type}".`);
  });
});

/** Every place in a JSON value, as the names that lead there. */
const placesIn = (value: unknown, path: string[] = []): string[][] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))
    : []),
];

const REMOVED = Symbol('removed');

/** A copy with another value at a place, or without the place. */
const changed = (value: unknown, [name, ...rest]: string[], to: unknown): unknown => {
  if (name === undefined) return to === REMOVED ? {} : to;
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === name ? changed(inner, rest, to) : (inner as unknown)));
  const { [name]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 && to === REMOVED ? others : { ...others, [name]: changed(inner, rest, to) };
};

const wrong = fc.oneof(
  fc.constantFrom<unknown>(REMOVED, null, '', 0, -1, 1.5, true, [], {}, 'x'.repeat(3_000), 2 ** 54, ['a', 1]),
  fc.jsonValue(),
);

/** The value that an issue is about. */
const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inside, name) => (inside as Record<PropertyKey, unknown> | null | undefined)?.[name], data);

/** JSON Schema does not trim: text of blanks alone is as long as it is. */
const isBlank = (value: unknown): boolean => typeof value === 'string' && value !== '' && value.trim() === '';

/**
 * The contract's issues that JSON Schema can say too: sizes of records ("at most 40 languages"), but no other rules in
 * code.
 */
const issuesOf = (payload: EventDeclaration['payload'], data: unknown) =>
  (payload.safeParse(data).error?.issues ?? []).filter(
    ({ code, message, path }) =>
      !(code === 'too_small' && isBlank(valueAt(data, path))) && (code !== 'custom' || /at (most|least)/.test(message)),
  );

describe('the check of event data', () => {
  test.each(declared)('judges $type as its contract does', ({ type, payload }) => {
    const { data } = sampleEvent(type);
    const places = placesIn(data);
    const schema = declaredEvent(type)?.schema ?? {};
    fc.assert(
      fc.property(fc.nat(places.length - 1), wrong, (place, to) => {
        const other = changed(data, places[place] ?? [], to);
        if (other === REMOVED) return;
        const issues = issuesOf(payload, other);
        // The form of a language tag is a rule in code, and under a wrong key a contract does not look at the value.
        if (issues.some(({ code }) => code === 'invalid_key')) return;
        expect([other, schemaFault(other, schema) !== undefined]).toEqual([other, issues.length > 0]);
      }),
      { numRuns: 60 },
    );
  });

  test('names the place', () => {
    const { data } = sampleEvent('order.created');
    const fault = schemaFault(changed(data, ['orderId'], REMOVED), declaredEvent('order.created')?.schema ?? {});
    expect(fault).toEqual({ path: ['orderId'], message: 'is missing' });
  });
});
