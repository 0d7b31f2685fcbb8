import type { Context, Handlers } from '../context.ts';

/** What the shop uses when a caller names nothing else. */
export const shopHandlers = ({ settings: { currency, locale } }: Context): Pick<Handlers, 'getShop'> => ({
  getShop: async () => ({ currency, locale }),
});
