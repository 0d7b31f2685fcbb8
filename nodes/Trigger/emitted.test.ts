import fc from 'fast-check';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { onceKeyOf } from '../run/once-key.ts';
import { buried, emitted, passOn } from './emitted.ts';
import { nameOfEvent } from './event-item.ts';
import { sampleEvent } from './sample-event.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a once key is the same UUID for one event in one workflow, and another for every other', () => {
  const name = fc.string({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(name, name, name, (workflow, event, other) => {
      fc.pre(event !== other);
      const key = onceKeyOf(workflow, event);
      return UUID.test(key) && key === onceKeyOf(workflow, event) && key !== onceKeyOf(workflow, other);
    }),
  );
  // Written down: suppliers know these keys.
  expect(onceKeyOf('workflow-1', '01976f3e-8c2a-7b54-9a10-3f5d2c7e8b61')).toBe('f9dc6ff8-df32-899a-9dc9-6dd34de9238e');
  expect(onceKeyOf('a', 'b')).not.toBe(onceKeyOf('b', 'a'));
});

const item = sampleEvent('order.created');
const letter = { message: 'failed 5 times', description: 'where it lies' };
const pass = (mode: string, items: INodeExecutionData[]) =>
  passOn({ getMode: () => mode, getInputData: () => items, getNode: () => ({ name: 'Trigger' }) } as IExecuteFunctions);

test('the trigger puts out what it emitted', () => {
  expect(pass('trigger', [emitted('w', item)])).toEqual([[emitted('w', item)]]);
});

test('a dead letter fails in words, and its retry puts the event out', () => {
  expect(() => pass('trigger', [buried('w', item, letter)])).toThrow(letter.message);
  expect(pass('retry', [buried('w', item, letter)])).toEqual([[emitted('w', item)]]);
});

test('an event is named by the number that people know, where it has one', () => {
  expect(nameOfEvent({ ...item, data: { number: '1007' } })).toBe('order.created of order 1007');
  expect(nameOfEvent({ ...item, subject: 'ord_1', data: {} })).toBe('order.created of ord_1');
});
