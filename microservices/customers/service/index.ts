import { implementContract } from '../../chassis/http/handlers.ts';
import { customersContract } from '../contract.ts';
import type { Kit } from '../types.ts';
import { classifyHandlers, profileHandlers, signUpHandlers, staffHandlers } from './accounts.ts';
import { addressHandlers } from './addresses.ts';
import { apiKeyHandlers } from './api-keys.ts';
import { consentHandlers } from './consents.ts';
import { passwordHandlers, verificationHandlers } from './credentials.ts';
import { groupHandlers } from './groups.ts';
import { mergeHandlers } from './merge.ts';
import { privacyHandlers } from './privacy.ts';
import { sessionHandlers, signInHandlers } from './sessions.ts';

/** The handlers of the domain, in the order of its contract. */
export const handlers = (kit: Kit) =>
  implementContract(customersContract, {
    ...signUpHandlers(kit),
    ...staffHandlers(kit),
    ...classifyHandlers(kit),
    ...profileHandlers(kit),
    ...mergeHandlers(kit),
    ...verificationHandlers(kit),
    ...passwordHandlers(kit),
    ...signInHandlers(kit),
    ...sessionHandlers(kit),
    ...addressHandlers(kit),
    ...consentHandlers(kit),
    ...groupHandlers(kit),
    ...privacyHandlers(kit),
    ...apiKeyHandlers(kit),
  });
