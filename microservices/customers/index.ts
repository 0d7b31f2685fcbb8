import { defineService } from '../chassis/service.ts';
import type { Context } from './context.ts';
import { customersContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { oneAtATime, sendCodes } from './jobs/send-codes.ts';
import { handlers } from './service.ts';
import { createPasswords } from './service/passwords.ts';
import { createSecrets } from './service/secrets.ts';
import { settings } from './settings.ts';

export { findApiKey } from './service/api-keys.ts';
export { isLiveSession } from './service/sessions.ts';

/** Accounts, guests, sessions, addresses, consent, privacy and API keys as a service. */
export const customers = defineService({
  contract: customersContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => {
    const context: Context = {
      ...app,
      secrets: createSecrets(app.settings.signingKey),
      passwords: createPasswords(),
      sendCodes: oneAtATime(
        () => sendCodes(context),
        (err) => app.log.warn({ err }, 'codes wait for the next run of the job to be sent'),
      ),
    };
    return { handlers: handlers(context), jobs: jobs(context) };
  },
});
