import { defineService } from '../chassis/service.ts';
import { customersContract } from './contract.ts';
import { forgetWhatIsOver } from './forget.ts';
import { createPasswords } from './passwords.ts';
import { createSecrets } from './secrets.ts';
import { oneAtATime, sendCodes } from './send-codes.ts';
import { handlers } from './service/index.ts';
import { readSettings } from './settings.ts';

export { findApiKey } from './service/api-keys.ts';

const TEN_SECONDS = 10_000;
const TEN_MINUTES = 600_000;

/** Accounts, guests, sessions, addresses, consent, privacy and API keys. */
export const customers = defineService({
  contract: customersContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (platform) => {
    const settings = readSettings(platform.environment);
    const secrets = createSecrets(settings.signingKey);
    const send = () => sendCodes(platform, secrets);
    const kit = {
      platform,
      settings,
      secrets,
      passwords: createPasswords(),
      sendCodes: oneAtATime(send, (err) => platform.log.warn({ err }, 'codes wait for the next beat to be sent')),
    };
    return {
      handlers: handlers(kit),
      jobs: [
        { name: 'send-codes', everyMs: TEN_SECONDS, run: send },
        { name: 'forget', everyMs: TEN_MINUTES, run: () => forgetWhatIsOver(platform.database, platform.now()) },
      ],
    };
  },
});
