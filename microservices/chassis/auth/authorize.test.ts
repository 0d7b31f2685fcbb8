import fc from 'fast-check';
import { Problem } from '../problem.ts';
import type { Access } from '../contract/index.ts';
import { authorize, mayActFor } from './authorize.ts';
import { anonymous, hasScope, type Caller } from './caller.ts';

const key = (...scopes: string[]): Caller => ({ kind: 'key', id: 'key_1', scopes });
const customer: Caller = { kind: 'customer', id: 'cus_1', customerId: 'cus_1', sessionId: 'ses_1' };

const staffOnly: Access = { scope: 'orders:write' };
const forCustomers: Access = { scope: 'orders:write', customer: true };
const anyKey: Access = { scope: 'orders:write', anyKey: true };
const forAll: Access = { scope: 'orders:write', public: true };

/** The status that a caller is refused with, or 'in'. */
const outcome = (access: Access, caller: Caller): number | 'in' => {
  try {
    authorize(access, caller);
    return 'in';
  } catch (error) {
    return error instanceof Problem ? error.status : Number.NaN;
  }
};

describe('authorize', () => {
  test.each<[string, Access, Caller, number | 'in']>([
    ['nobody, staff only', staffOnly, anonymous, 401],
    ['nobody, customers', forCustomers, anonymous, 401],
    ['nobody, public', forAll, anonymous, 'in'],
    ['a customer, staff only', staffOnly, customer, 403],
    ['a customer, customers', forCustomers, customer, 'in'],
    ['a customer, public', forAll, customer, 'in'],
    ['a key with the scope', staffOnly, key('orders:write'), 'in'],
    ['a key with another scope', staffOnly, key('orders:read'), 403],
    ['a key with another scope, customers', forCustomers, key('orders:read'), 403],
    ['a key without scopes, public', forAll, key(), 'in'],
    ['a key without scopes, any key', anyKey, key(), 'in'],
    ['a customer, any key', anyKey, customer, 403],
    ['nobody, any key', anyKey, anonymous, 401],
  ])('%s', (_who, access, caller, expected) => {
    expect(outcome(access, caller)).toBe(expected);
  });

  test('a refused key is told the scope that it lacks', () => {
    expect(() => authorize(staffOnly, key())).toThrow('orders:write');
    expect(() => authorize(staffOnly, customer)).toThrow('orders:write');
    expect(() => authorize(forCustomers, anonymous)).toThrow('access token');
  });

  test('on a public operation a key without its scope is nobody in particular, so it may act for nobody', () => {
    const narrow = authorize(forAll, key('catalog:read'));
    expect(narrow).toEqual(anonymous);
    expect(mayActFor(narrow, 'cus_1')).toBe(false);
    expect(mayActFor(authorize(forAll, key('orders:*')), 'cus_1')).toBe(true);
  });
});

describe('mayActFor', () => {
  test('customers act for themselves, keys for all, nobody for none', () => {
    expect(mayActFor(customer, 'cus_1')).toBe(true);
    expect(mayActFor(customer, 'cus_2')).toBe(false);
    expect(mayActFor(key('orders:read'), 'cus_2')).toBe(true);
    expect(mayActFor(anonymous, 'anonymous')).toBe(false);
  });

  test('what belongs to nobody belongs to no customer', () => {
    expect(mayActFor(customer, null)).toBe(false);
    expect(mayActFor(customer, undefined)).toBe(false);
    expect(mayActFor(anonymous, null)).toBe(false);
  });
});

describe('hasScope', () => {
  const name = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);

  test('a scope covers itself, its domain’s star and the star of all', () => {
    fc.assert(
      fc.property(name, name, (domain, action) => {
        const wanted = `${domain}:${action}`;
        expect(hasScope([wanted], wanted)).toBe(true);
        expect(hasScope([`${domain}:*`], wanted)).toBe(true);
        expect(hasScope(['*'], wanted)).toBe(true);
      }),
    );
  });

  test('a star covers its own domain only', () => {
    fc.assert(
      fc.property(name, name, name, (held, domain, action) => {
        fc.pre(held !== domain);
        expect(hasScope([`${held}:*`], `${domain}:${action}`)).toBe(false);
      }),
    );
    expect(hasScope(['order:*'], 'orders:read')).toBe(false);
  });

  test('half a scope is no scope', () => {
    for (const held of ['', ':', ':*', 'orders', 'orders:', 'orders:rea', '**', 'orders*']) {
      expect(hasScope([held], 'orders:read')).toBe(false);
    }
    expect(hasScope([], 'orders:read')).toBe(false);
  });
});
