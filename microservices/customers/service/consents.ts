import { toPage } from '../../chassis/cursor.ts';
import { consentReason } from '../policy.ts';
import { findConsent, listConsents, listDecisions, recordConsent } from '../store/consents.ts';
import { nameOf, type Kit, type SomeHandlers } from '../types.ts';
import { lockForChange, visibleCustomer } from './guards.ts';

export const consentHandlers = (
  kit: Kit,
): SomeHandlers<'listConsents' | 'setConsent' | 'checkConsent' | 'listConsentHistory'> => ({
  listConsents: async ({ customerId }, { caller, errors }) => {
    await visibleCustomer(kit.platform.database, caller, customerId, errors);
    return { items: await listConsents(kit.platform.database, customerId) };
  },

  setConsent: (
    { customerId, purpose, channel, granted, policyVersion = null, source = null },
    { caller, errors, commit },
  ) =>
    commit(async (tx) => {
      await lockForChange(kit, tx, caller, customerId, errors);
      const before = await findConsent(tx, customerId, { purpose, channel });
      const decision = {
        purpose,
        channel,
        granted,
        policyVersion,
        source,
        decidedAt: kit.platform.now().toISOString(),
      };
      // Said again under another text or elsewhere is a decision of its own; the very same words twice are not.
      if (before && before.granted === granted && before.policyVersion === policyVersion && before.source === source)
        return before;
      await recordConsent(tx, customerId, { ...decision, recordedBy: nameOf(caller) });
      if (before?.granted !== granted) {
        tx.append('consent.changed', customerId, {
          customerId,
          purpose,
          channel,
          granted,
          decidedAt: decision.decidedAt,
        });
      }
      return decision;
    }),

  checkConsent: async ({ customerId, purpose, channel }, { caller, errors }) => {
    const customer = await visibleCustomer(kit.platform.database, caller, customerId, errors);
    const decision = await findConsent(kit.platform.database, customerId, { purpose, channel });
    const reason = consentReason({
      customerState: customer.state,
      emailVerified: customer.emailVerified,
      channel,
      decision,
      doubleOptIn: kit.settings.consentDoubleOptIn,
    });
    return { granted: reason === 'granted', reason, decidedAt: decision?.decidedAt ?? null };
  },

  listConsentHistory: async (input, { caller, errors }) => {
    await visibleCustomer(kit.platform.database, caller, input.customerId, errors);
    return toPage(
      await listDecisions(kit.platform.database, input),
      input.limit,
      (row) => [row.id],
      ({ id: _id, ...decision }) => decision,
    );
  },
});
