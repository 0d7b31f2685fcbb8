import { Client } from 'pg';
import { serializeError } from './log-error.ts';

test('an error is shown with its words, its cause and its plain values', () => {
  const error = Object.assign(new Error('no room', { cause: new Error('disk full') }), {
    code: 'ENOSPC',
    tried: [1, 2],
  });
  expect(serializeError(error)).toMatchObject({
    type: 'Error',
    message: 'no room: disk full',
    code: 'ENOSPC',
    tried: [1, 2],
    stack: expect.stringContaining('log-error.test.ts') as string,
  });
});

test('a client that hangs on it is not', () => {
  const error = Object.assign(new Error('terminated'), { code: '57P01', client: new Client({ password: 'secret' }) });
  expect(JSON.stringify(serializeError(error))).not.toMatch(/client|secret/);
});

test('what is no error stays as it is', () => {
  expect(serializeError('broken')).toBe('broken');
});
