import { actorOf } from '../../chassis/auth/caller.ts';
import { toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers } from '../context.ts';
import { consentReason } from '../policy/privacy.ts';
import { findConsent, listConsents, listDecisions, recordConsent } from '../store/consents.ts';
import { lockForChange, visibleCustomer } from './guards.ts';

type Names = 'listConsents' | 'setConsent' | 'checkConsent' | 'listConsentHistory';

export const consentHandlers = (context: Context): Pick<Handlers, Names> => ({
  listConsents: async ({ customerId }, { caller, errors }) => {
    await visibleCustomer(context.database, caller, customerId, errors);
    return { items: await listConsents(context.database, customerId) };
  },

  setConsent: command(async (tx, { customerId, ...given }, { caller, errors }) => {
    await lockForChange(context, tx, caller, customerId, errors);
    const { purpose, channel, granted, policyVersion = null, source = null } = given;
    const before = await findConsent(tx, customerId, { purpose, channel });
    // The same decision under another text or from another source is recorded; exactly the same twice is not.
    if (before?.granted === granted && before.policyVersion === policyVersion && before.source === source)
      return before;
    const decidedAt = context.now().toISOString();
    const decision = { purpose, channel, granted, policyVersion, source, decidedAt };
    await recordConsent(tx, customerId, { ...decision, recordedBy: actorOf(caller) });
    if (before?.granted !== granted)
      tx.append('consent.changed', customerId, { customerId, purpose, channel, granted, decidedAt });
    return decision;
  }),

  checkConsent: async ({ customerId, purpose, channel }, { caller, errors }) => {
    const customer = await visibleCustomer(context.database, caller, customerId, errors);
    const decision = await findConsent(context.database, customerId, { purpose, channel });
    const reason = consentReason({
      customerState: customer.state,
      emailVerified: customer.emailVerified,
      channel,
      decision,
      doubleOptIn: context.settings.consentDoubleOptIn,
    });
    return { granted: reason === 'granted', reason, decidedAt: decision?.decidedAt ?? null };
  },

  listConsentHistory: async (input, { caller, errors }) => {
    await visibleCustomer(context.database, caller, input.customerId, errors);
    return toPage(
      await listDecisions(context.database, input),
      input.limit,
      (row) => [row.id],
      ({ id: _id, ...decision }) => decision,
    );
  },
});
