import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { defineContract, event, operation, type Contract, type EventDeclaration, type Operation } from '../index.ts';
import { widgetsContract } from '../../testing/widgets.ts';
import { asyncApiOf } from './async-api.ts';
import { brokenEvents, brokenOperations } from './evolution.ts';
import { openApiOf } from './open-api.ts';

const info = { title: 'Test', version: '1' };
const size = z.enum(['small', 'large']);

const released: Operation = operation({
  method: 'POST',
  path: '/parcels/{parcelId}/send',
  title: 'Send',
  description: 'Sends.',
  access: { scope: 'parcels:write', public: true },
  input: z.object({
    parcelId: z.string(),
    size,
    weight: z.int().min(1).max(100),
    note: z.string().max(50).nullable().optional(),
    lines: z.array(z.object({ sku: z.string() })).optional(),
    payload: z
      .union([z.object({ kind: z.literal('a'), a: z.string() }), z.object({ kind: z.literal('b'), b: z.int() })])
      .optional(),
  }),
  output: z.object({
    id: z.string(),
    size,
    at: z.iso.datetime(),
    extra: z.object({ code: z.string().optional() }).optional(),
  }),
  errors: { LOST: { status: 409, title: 'Lost' } },
});
const inputOf = (declared: Operation) => declared.input as z.ZodObject;
const outputOf = (declared: Operation) => declared.output as z.ZodObject;

const contractWith = (operations: Record<string, Operation>, events: Record<string, EventDeclaration> = {}): Contract =>
  defineContract({ domain: 'parcels', title: 'Parcels', description: 'Parcels.', version: 1, operations, events });

const changesTo = async (present: Operation | undefined): Promise<string[]> =>
  brokenOperations(
    await openApiOf([contractWith({ send: released })], info),
    await openApiOf([contractWith(present ? { send: present } : {})], info),
  ).map(({ where, what }) => `${where}: ${what}`);

const withInput = (shape: z.ZodRawShape): Operation => ({ ...released, input: inputOf(released).extend(shape) });
const withOutput = (shape: z.ZodRawShape): Operation => ({ ...released, output: outputOf(released).extend(shape) });

describe('operations that would break somebody', () => {
  test.each<[string, Operation | undefined, string]>([
    ['removed', undefined, 'parcels.send: the operation was removed'],
    [
      'moved',
      { ...released, path: '/parcels/send/{parcelId}' },
      'the address changed from post /v1/parcels/{parcelId}/send',
    ],
    [
      'another scope',
      { ...released, access: { scope: 'parcels:send', public: true } },
      'the scope changed from parcels:write to parcels:send',
    ],
    [
      'no longer public',
      { ...released, access: { scope: 'parcels:write' } },
      'it was for anybody and is now for keys only',
    ],
    ['read-only, so without Idempotency-Key', { ...released, readOnly: true }, 'it no longer takes an Idempotency-Key'],
    ['another success status', { ...released, successStatus: 202 }, 'answer: its status changed from 200 to 202'],
    [
      'another failure status',
      { ...released, errors: { LOST: { status: 410, title: 'Lost' } } },
      'the failure LOST changed its status from 409 to 410',
    ],
    ['new required input', withInput({ colour: z.string() }), 'input.colour: it is now required'],
    [
      'optional input made required',
      withInput({ note: z.string().max(50).nullable() }),
      'input.note: it is now required',
    ],
    [
      'input removed',
      { ...released, input: inputOf(released).omit({ note: true }) },
      'input.note: the field was removed',
    ],
    [
      'input of another type',
      withInput({ weight: z.string() }),
      'input.weight: its type changed from integer to string',
    ],
    [
      'input narrowed',
      withInput({ weight: z.int().min(1).max(10) }),
      'input.weight: its maximum was tightened from 100 to 10',
    ],
    [
      'shorter input',
      withInput({ note: z.string().max(10).nullable().optional() }),
      'input.note: its maxLength was tightened from 50 to 10',
    ],
    [
      'input with a pattern',
      withInput({ parcelId: z.string().regex(/^p/) }),
      'input.parcelId: its pattern changed from none to ^p',
    ],
    ['input value removed', withInput({ size: z.enum(['small']) }), 'input.size: the value "large" was removed'],
    ['input no longer null', withInput({ note: z.string().max(50).optional() }), 'input.note: null is no longer taken'],
    [
      'input made an enumeration',
      withInput({ parcelId: z.enum(['a', 'b']) }),
      'input.parcelId: it now has to be one of "a", "b"',
    ],
    [
      'input deep inside',
      withInput({ lines: z.array(z.object({ sku: z.string(), count: z.int() })).optional() }),
      'input.lines[].count: it is now required',
    ],
    [
      'variant of input removed',
      withInput({ payload: z.union([z.object({ kind: z.literal('a'), a: z.string() })]).optional() }),
      'input.payload',
    ],
    [
      'output removed',
      { ...released, output: outputOf(released).omit({ at: true }) },
      'answer.at: the field was removed',
    ],
    ['output made optional', withOutput({ id: z.string().optional() }), 'answer.id: it can now be missing'],
    ['output made nullable', withOutput({ id: z.string().nullable() }), 'answer.id: it can now be null'],
    ['output of another type', withOutput({ id: z.int() }), 'answer.id: its type changed from string to integer'],
    [
      'output of another format',
      withOutput({ at: z.string() }),
      'answer.at: its type changed from string (date-time) to string',
    ],
    [
      'output value removed',
      withOutput({ size: z.enum(['small', 'huge']) }),
      'answer.size: the value "large" was removed',
    ],
    ['output deep inside', withOutput({ extra: z.object({}).optional() }), 'answer.extra.code: the field was removed'],
  ])('%s', async (_name, present, expected) => {
    const changes = await changesTo(present);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toContain(expected);
  });
});

describe('operations that break nobody', () => {
  test.each<[string, Operation]>([
    ['the same', released],
    ['new words', { ...released, title: 'Ship', description: 'Ships.' }],
    ['new optional input', withInput({ colour: z.string().optional() })],
    ['new input with a default', withInput({ colour: z.string().default('red') })],
    ['required input made optional', withInput({ weight: z.int().min(1).max(100).optional() })],
    ['wider input', withInput({ weight: z.int().min(0).max(1_000), note: z.string().max(500).nullable().optional() })],
    ['any number where whole ones were', withInput({ weight: z.number().min(1).max(100) })],
    ['new input value', withInput({ size: z.enum(['small', 'large', 'huge']) })],
    ['input that takes null', withInput({ size: size.nullable() })],
    ['new output', withOutput({ price: z.int() })],
    ['optional output made certain', withOutput({ extra: z.object({ code: z.string() }) })],
    ['new output value', withOutput({ size: z.enum(['small', 'large', 'huge']) })],
    ['new failure', { ...released, errors: { ...released.errors, STOLEN: { status: 410, title: 'Stolen' } } }],
  ])('%s', async (_name, present) => {
    expect(await changesTo(present)).toEqual([]);
  });

  test('limits of length that a pattern implied, said without the pattern', async () => {
    const took = (code: z.ZodString): Operation => withInput({ code });
    const changes = async (before: Operation, after: Operation) =>
      brokenOperations(
        await openApiOf([contractWith({ send: before })], info),
        await openApiOf([contractWith({ send: after })], info),
      );
    const before = took(z.string().regex(/^[\x21-\x7e]{1,64}$/));
    expect(await changes(before, took(z.string().min(1).max(64)))).toEqual([]);
    expect(await changes(before, took(z.string().min(1).max(63)))).toHaveLength(1);
    const six = took(z.string().regex(/^[0-9]{6}$/));
    expect(await changes(six, took(z.string().min(6).max(20)))).toEqual([]);
    expect(await changes(six, took(z.string().min(7).max(20)))).toHaveLength(1);
  });

  test('a new operation', async () => {
    const [before, after] = [
      contractWith({ send: released }),
      contractWith({ send: released, again: { ...released, path: '/parcels/{parcelId}/again' } }),
    ];
    expect(brokenOperations(await openApiOf([before], info), await openApiOf([after], info))).toEqual([]);
  });

  test('named shapes are looked through, whatever they are called', async () => {
    const named = (id: string): Operation => ({
      ...released,
      output: z.object({ item: z.object({ a: z.string() }).meta({ id }) }),
    });
    const [before, after] = [contractWith({ send: named('Before') }), contractWith({ send: named('After') })];
    expect(brokenOperations(await openApiOf([before], info), await openApiOf([after], info))).toEqual([]);
  });

  test('a contract and itself', async () => {
    const document = await openApiOf([widgetsContract], info);
    expect(brokenOperations(document, document)).toEqual([]);
    const events = asyncApiOf([widgetsContract], info);
    expect(brokenEvents(events, events)).toEqual([]);
  });
});

describe('events', () => {
  const sent = event({
    title: 'Sent',
    description: 'It left.',
    aggregate: 'parcel',
    payload: z.object({ id: z.string(), size, weight: z.int().nullable() }),
  });
  const changesOf = (events: Record<string, EventDeclaration>, domain = 'parcels'): string[] =>
    brokenEvents(
      asyncApiOf([contractWith({}, { 'parcel.sent': sent })], info),
      asyncApiOf([{ ...contractWith({}, events), domain }], info),
    ).map(({ where, what }) => `${where}: ${what}`);
  const withPayload = (payload: z.ZodType) => ({ 'parcel.sent': { ...sent, payload } });
  const payload = sent.payload;

  test.each<[string, Record<string, EventDeclaration>, string]>([
    ['removed', { 'parcel.posted': sent }, 'parcel.sent: the event was removed'],
    ['field removed', withPayload(payload.omit({ id: true })), 'parcel.sent payload.id: the field was removed'],
    [
      'type changed',
      withPayload(payload.extend({ id: z.int() })),
      'parcel.sent payload.id: its type changed from string to integer',
    ],
    [
      'value removed',
      withPayload(payload.extend({ size: z.enum(['small']) })),
      'parcel.sent payload.size: the value "large" was removed',
    ],
    ['made optional', withPayload(payload.partial({ id: true })), 'parcel.sent payload.id: it can now be missing'],
  ])('%s breaks consumers', (_name, events, expected) => {
    expect(changesOf(events)).toEqual([expected]);
  });

  test('another topic breaks consumers', () => {
    expect(changesOf({ 'parcel.sent': sent }, 'post')).toEqual([
      'parcel.sent: its topic changed from commerce.parcels to commerce.post',
    ]);
  });

  test('more events, more fields, null ruled out break nobody', () => {
    expect(
      changesOf({ 'parcel.lost': sent, ...withPayload(payload.extend({ weight: z.int(), more: z.string() })) }),
    ).toEqual([]);
  });
});
