import type { Context, Handlers } from './context.ts';
import { addressHandlers } from './service/addresses.ts';
import { apiKeyHandlers } from './service/api-keys.ts';
import { classifyHandlers } from './service/classify.ts';
import { consentHandlers } from './service/consents.ts';
import { groupHandlers } from './service/groups.ts';
import { mergeHandlers } from './service/merge.ts';
import { passwordHandlers } from './service/change-password.ts';
import { privacyHandlers } from './service/privacy.ts';
import { profileHandlers } from './service/profile.ts';
import { sessionHandlers } from './service/sessions.ts';
import { signInHandlers } from './service/sign-in.ts';
import { signUpHandlers } from './service/sign-up.ts';
import { staffHandlers } from './service/staff.ts';
import { verificationHandlers } from './service/verification.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  ...signUpHandlers(context),
  ...staffHandlers(context),
  ...classifyHandlers(context),
  ...profileHandlers(context),
  ...mergeHandlers(context),
  ...verificationHandlers(context),
  ...passwordHandlers(context),
  ...signInHandlers(context),
  ...sessionHandlers(context),
  ...addressHandlers(context),
  ...consentHandlers(context),
  ...groupHandlers(context),
  ...privacyHandlers(context),
  ...apiKeyHandlers(context),
});
