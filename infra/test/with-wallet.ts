import { customers } from '../../microservices/customers/index.ts';
import { wallet } from '../../microservices/wallet/index.ts';

/** A domain that moves money, beside customers and the wallet: no more is started for its tests. */
export const withWallet = (service: unknown): unknown[] => [customers, wallet, service];
