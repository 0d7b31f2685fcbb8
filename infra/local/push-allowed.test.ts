import { expect, test } from '@jest/globals';
import { pushAllowed } from './push-allowed.ts';

const laptop = { host: '127.0.0.1', databaseUrl: undefined, kafka: undefined };

test.each([
  ['127.0.0.1', 'loopback'],
  ['localhost', 'loopback'],
  ['::1', 'loopback'],
  ['0.0.0.0', 'none'],
  ['::', 'none'],
  ['192.168.1.7', 'none'],
])('listening on %s, events may be posted to: %s', (host, expected) => {
  expect(pushAllowed({ ...laptop, host }, {})).toBe(expected);
});

test('with engines of one’s own to nothing inside, and always as the environment says', () => {
  expect(pushAllowed({ ...laptop, databaseUrl: 'postgres://db/x' }, {})).toBe('none');
  expect(pushAllowed({ ...laptop, kafka: ['kafka:9092'] }, {})).toBe('none');
  expect(pushAllowed({ ...laptop, host: '0.0.0.0' }, { PUSH_ALLOW_PRIVATE: 'private' })).toBe('private');
});
