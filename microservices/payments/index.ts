import { Router } from 'express';
import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { customersContract } from '../customers/contract.ts';
import { walletContract } from '../wallet/contract.ts';
import type { Context } from './context.ts';
import { paymentsContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { cash } from './psp/cash.ts';
import type { Psp } from './psp/port.ts';
import { freshSecret, TEST_BANK, testBank } from './psp/test-bank/index.ts';
import { bankPage } from './psp/test-bank/page.ts';
import { walletPsp } from './psp/wallet.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { noticeRoutes } from './service/notices.ts';
import { settings } from './settings.ts';
import { erasePersons } from './store/payments.ts';

/** Payments as a service. */
export const payments = defineService({
  contract: paymentsContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => {
    const { publicUrl, settlesIn } = app.settings;
    const bank = testBank(app, { publicUrl, secret: freshSecret(), settlesIn });
    const providers = new Map<string, Psp>([
      ['wallet', walletPsp(app.client(walletContract))],
      ['cash', cash],
      [TEST_BANK, bank],
    ]);
    const context: Context = { ...app, providers, cardProvider: TEST_BANK };
    return {
      handlers: handlers(context),
      reactions: reactions(context),
      jobs: jobs(context, bank),
      routes: Router().use(noticeRoutes(context), bankPage(app)),
      erasure: eraser({ app, customers: customersContract, erase: erasePersons }),
    };
  },
});
