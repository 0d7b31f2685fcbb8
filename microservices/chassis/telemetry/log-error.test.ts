import { Client, DatabaseError } from 'pg';
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

describe('what PostgreSQL repeats of a statement', () => {
  const taken = Object.assign(
    new DatabaseError('duplicate key value violates unique constraint "customer_login_phone"', 1, 'error'),
    {
      severity: 'ERROR',
      code: '23505',
      detail: 'Key (phone)=(+4915112345678) already exists.',
      where: 'COPY customer, line 1: "+4915112345678"',
      hint: 'Is +4915112345678 right?',
      internalQuery: "SELECT '+4915112345678'",
      table: 'customer',
      constraint: 'customer_login_phone',
      routine: '_bt_check_unique',
    },
  );

  test('is not logged; what names the place is', () => {
    const shown = serializeError(taken);
    expect(JSON.stringify(shown)).not.toContain('4915112345678');
    expect(shown).toMatchObject({
      message: 'duplicate key value violates unique constraint "customer_login_phone"',
      code: '23505',
      table: 'customer',
      constraint: 'customer_login_phone',
    });
  });

  test('is not logged from a message, nor from the message of a cause', () => {
    const error = Object.assign(
      new DatabaseError('invalid input syntax for type date: "Lovelace "L" +4915112345678"', 1, 'error'),
      {
        severity: 'ERROR',
        code: '22007',
        routine: 'DateTimeParseError',
      },
    );
    for (const shown of [
      error,
      new Error('no order', { cause: error }),
      new Error('x', { cause: new Error('y', { cause: taken }) }),
    ])
      expect(JSON.stringify(serializeError(shown))).not.toMatch(/Lovelace|4915112345678/);
    expect(serializeError(error)).toMatchObject({ message: 'invalid input syntax for type date: "…"' });
  });
});

test('the detail of errors that are not PostgreSQL’s stays', () => {
  expect(serializeError(Object.assign(new Error('x'), { detail: 'the disk' }))).toMatchObject({ detail: 'the disk' });
});

test('what is no error stays as it is', () => {
  expect(serializeError('broken')).toBe('broken');
});
