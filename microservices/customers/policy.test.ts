import fc from 'fast-check';
import {
  admit,
  CODE_RULE,
  consentReason,
  isErasureComplete,
  move,
  PASSWORD_RULE,
  passwordWeakness,
  TRANSITIONS,
  type CustomerEvent,
  type CustomerState,
  type Tries,
} from './policy.ts';

const states = Object.keys(TRANSITIONS) as CustomerState[];
const events: CustomerEvent[] = ['change', 'disable', 'enable', 'merge_into_another', 'erase'];

describe('what can happen to a customer', () => {
  test.each<[CustomerState, CustomerEvent, CustomerState | 'refused']>([
    ['active', 'change', 'active'],
    ['active', 'disable', 'disabled'],
    ['active', 'enable', 'refused'],
    ['active', 'merge_into_another', 'merged'],
    ['active', 'erase', 'erased'],
    ['disabled', 'change', 'disabled'],
    ['disabled', 'disable', 'refused'],
    ['disabled', 'enable', 'active'],
    ['disabled', 'merge_into_another', 'merged'],
    ['disabled', 'erase', 'erased'],
    ['merged', 'change', 'refused'],
    ['merged', 'enable', 'refused'],
    ['merged', 'merge_into_another', 'refused'],
    ['merged', 'erase', 'erased'],
    ['erased', 'change', 'refused'],
    ['erased', 'enable', 'refused'],
    ['erased', 'merge_into_another', 'refused'],
    ['erased', 'erase', 'refused'],
  ])('%s, %s: %s', (state, event, expected) => {
    const step = move(state, event);
    expect(step.ok ? step.to : 'refused').toBe(expected);
  });

  test('a refusal names the state and exactly what would be allowed', () => {
    for (const state of states) {
      const allowed = events.filter((event) => move(state, event).ok).toSorted();
      for (const event of events.filter((one) => !allowed.includes(one))) {
        expect(move(state, event)).toEqual({ ok: false, state, allowed });
      }
    }
  });

  test('nothing leads out of erased, whatever happens before', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), (story) => {
        let state: CustomerState = 'active';
        let erased = false;
        for (const event of story) {
          const step = move(state, event);
          if (step.ok) state = step.to;
          erased ||= state === 'erased';
          if (erased) expect(state).toBe('erased');
        }
      }),
    );
  });
});

describe('tries', () => {
  const fresh: Tries = { attempts: 0, lastAt: 0, blockedUntil: null };
  const start = 1_000_000;

  /** Which of these moments (milliseconds from the first) are let through. */
  const admitted = (moments: readonly number[], rule = PASSWORD_RULE): number[] => {
    let tries = fresh;
    return moments.filter((moment) => {
      const decided = admit(rule, tries, start + moment);
      if (decided.admitted) tries = decided.tries;
      return decided.admitted;
    });
  };

  test('five are free, the sixth waits half a minute, the next a minute', () => {
    expect(admitted([0, 1, 2, 3, 4, 5, 30_003, 30_004, 30_005, 90_003, 90_005])).toEqual([
      0, 1, 2, 3, 4, 30_004, 90_005,
    ]);
  });

  test('a refusal says in whole seconds how long to wait, and waiting that long is enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 29_999 }), (after) => {
        const tries = { attempts: 5, lastAt: start, blockedUntil: start + 30_000 };
        const refused = admit(PASSWORD_RULE, tries, start + after);
        if (refused.admitted) throw new Error('was let through');
        expect(refused.retryAfterSeconds).toBeGreaterThanOrEqual(1);
        expect(admit(PASSWORD_RULE, tries, start + after + refused.retryAfterSeconds * 1000).admitted).toBe(true);
      }),
    );
  });

  test('however somebody tries, a day brings no more than a few dozen guesses', () => {
    const day = 24 * 60 * 60_000;
    expect(
      admitted(Array.from({ length: 24 * 60 * 6 }, (_, index) => index * 10_000).filter((at) => at < day)).length,
    ).toBeLessThan(40);
  });

  test('waits never exceed an hour, however often was tried', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (attempts) => {
        const decided = admit(PASSWORD_RULE, { attempts, lastAt: start, blockedUntil: null }, start + 1);
        if (!decided.admitted) throw new Error('was refused');
        expect((decided.tries.blockedUntil ?? 0) - start - 1).toBeLessThanOrEqual(60 * 60_000);
      }),
    );
  });

  test('after a day without a try everything is forgotten', () => {
    const decided = admit(PASSWORD_RULE, { attempts: 12, lastAt: start, blockedUntil: null }, start + 24 * 60 * 60_000);
    expect(decided).toMatchObject({ admitted: true, tries: { attempts: 1, blockedUntil: null } });
  });

  test('an address gets five codes an hour', () => {
    const everyMinute = Array.from({ length: 60 }, (_, minute) => minute * 60_000);
    expect(admitted(everyMinute, CODE_RULE)).toHaveLength(5);
  });
});

describe('passwords', () => {
  test.each([
    ['aaaaaaaaaaaa', 'different characters'],
    ['abababababab', 'different characters'],
    ['abcdefghijkl', 'neighbouring'],
    ['ponmlkjihgfe', 'neighbouring'],
    ['0123456789', 'neighbouring'],
    ['qwertyuiop', 'neighbouring'],
    ['QWERTZUIOP', 'neighbouring'],
  ])('%s is refused: %s', (password, why) => {
    expect(passwordWeakness(password, [])).toContain(why);
  });

  test('what is mostly the person’s own name or address is refused', () => {
    expect(passwordWeakness('lovelace12', ['ada@example.org', 'Ada Lovelace'])).toContain('your own name');
    expect(passwordWeakness('Ada@Example.org', ['ada@example.org'])).toContain('your own name');
    expect(passwordWeakness('lovelace writes programs', ['ada@example.org', 'Ada Lovelace'])).toBeUndefined();
  });

  test('a refusal never repeats the password', () => {
    for (const password of ['aaaaaaaaaaaa', 'abcdefghijkl', 'lovelace12']) {
      expect(passwordWeakness(password, ['lovelace'])).not.toContain(password);
    }
  });

  test.each(['correct horse battery', 'пароль достаточно длинный', 'Tr0ub4dor&3x', '密码足够长的一句话没问题'])(
    '%s is taken',
    (password) => {
      expect(passwordWeakness(password, ['ada@example.org', '+4915112345678', 'Ada', null, undefined])).toBeUndefined();
    },
  );

  test('any text gets an answer', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.array(fc.option(fc.string())),
        (password, personal) => {
          expect(['string', 'undefined']).toContain(typeof passwordWeakness(password, personal));
        },
      ),
    );
  });
});

describe('consent', () => {
  const asked = { customerState: 'active' as const, emailVerified: true, channel: 'email', doubleOptIn: true };

  test('only a decision in favour grants', () => {
    expect(consentReason({ ...asked, decision: undefined })).toBe('never_decided');
    expect(consentReason({ ...asked, decision: { granted: false } })).toBe('withdrawn');
    expect(consentReason({ ...asked, decision: { granted: true } })).toBe('granted');
  });

  test('nobody who is disabled, merged or erased is written to', () => {
    for (const customerState of states.filter((state) => state !== 'active')) {
      expect(consentReason({ ...asked, customerState, decision: { granted: true } })).toBe('customer_not_active');
    }
  });

  test('with double opt-in an unverified address gets no e-mail; other channels and shops do not ask', () => {
    const unverified = { ...asked, emailVerified: false, decision: { granted: true } };
    expect(consentReason(unverified)).toBe('email_not_verified');
    expect(consentReason({ ...unverified, channel: 'sms' })).toBe('granted');
    expect(consentReason({ ...unverified, doubleOptIn: false })).toBe('granted');
  });
});

test('an erasure is complete when nobody is missing', () => {
  const done = { acknowledgedAt: '2026-01-01T00:00:00.000Z' };
  expect(isErasureComplete([done, done])).toBe(true);
  expect(isErasureComplete([done, { acknowledgedAt: null }])).toBe(false);
});
