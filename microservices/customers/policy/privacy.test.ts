import { consentReason, isErasureComplete } from './privacy.ts';

describe('consent', () => {
  const asked = { customerState: 'active' as const, emailVerified: true, channel: 'email', doubleOptIn: true };

  test('only a decision in favour grants', () => {
    expect(consentReason({ ...asked, decision: undefined })).toBe('never_decided');
    expect(consentReason({ ...asked, decision: { granted: false } })).toBe('withdrawn');
    expect(consentReason({ ...asked, decision: { granted: true } })).toBe('granted');
  });

  test('nobody who is disabled, merged or erased is written to', () => {
    for (const customerState of ['disabled', 'merged', 'erased'] as const) {
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
