import { z } from 'zod';
import { currency, operation } from '../../chassis/contract/index.ts';
import { locale } from './values.ts';

export const shopOperations = {
  getShop: operation({
    method: 'GET',
    path: '/shop',
    title: 'Get shop',
    description: 'The currency and the language that the shop uses when a caller names none.',
    access: { scope: 'catalog:read', anyKey: true, public: true },
    input: z.object({}),
    output: z.object({ currency, locale }),
  }),
};
