import { randomUUID } from 'node:crypto';
import { Problem } from '../../../microservices/chassis/problem.ts';
import { createClient } from '../../../microservices/chassis/client.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import type { Scenario } from '../scenario.ts';
import { openShop } from '../shop.ts';

const AT_ONCE = 50;

/** The same Idempotency-Key 50 times at once, over two processes, and then with another body. */
export const sameKey: Scenario = {
  name: 'one Idempotency-Key fifty times',
  ordersSettle: false,
  run: async (platform) => {
    const shop = await openShop(platform, { skus: 1, stock: 1, customers: 1, funds: 0 });
    const twin = await platform.startTwin('wallet');
    const credential = platform.access.adminKey;
    const clientOf = (url: string) => createClient(walletContract, { url, credential, attempts: 1 });
    const [here, there] = [clientOf(platform.url), clientOf(twin.url)];
    const ownerId = shop.customers[0] ?? '';
    const idempotencyKey = randomUUID();
    const topUp = (amount: number, index: number) =>
      (index % 2 === 0 ? here : there).topUp(
        { ownerId, amount: { amount, currency: 'EUR' }, reference: 'same-key' },
        { idempotencyKey },
      );
    try {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) =>
          topUp(500, index).then((answer) => JSON.stringify(answer), codeOf),
        ),
      );
      const other = await topUp(700, 0).then(() => 'accepted', codeOf);
      const balance = await platform.client(walletContract).getBalance({ ownerId });
      const amount = balance.items.find((item) => item.currency === 'EUR')?.balance;
      const done = new Set(answers.filter((answer) => answer !== 'IDEMPOTENCY_IN_FLIGHT'));
      const problems = [
        ...(amount === 500 ? [] : [`the balance is ${amount}, not 500`]),
        ...(done.size === 1
          ? []
          : [`there were ${done.size} different answers: ${[...done].join(' | ').slice(0, 300)}`]),
        ...(other === 'IDEMPOTENCY_KEY_REUSED' ? [] : [`another body under the same key was answered ${other}`]),
      ];
      return {
        counts: { atOnce: AT_ONCE, toldToWait: answers.filter((answer) => answer === 'IDEMPOTENCY_IN_FLIGHT').length },
        problems,
      };
    } finally {
      await twin.stop();
    }
  },
};

const codeOf = (error: unknown): string => {
  if (error instanceof Problem) return error.code;
  throw error;
};
