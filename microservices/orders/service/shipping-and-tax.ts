import type { Handlers } from '../../chassis/http/handlers.ts';
import type { ordersContract } from '../contract.ts';
import {
  deleteShippingMethod,
  deleteTaxRate,
  listShippingMethods,
  listTaxRates,
  setShippingMethod,
  setTaxRate,
} from '../store/shipping-and-tax.ts';
import type { OrdersPlatform } from './pricing.ts';

type SettingHandlers = Pick<
  Handlers<typeof ordersContract>,
  'setShippingMethod' | 'listShippingMethods' | 'deleteShippingMethod' | 'setTaxRate' | 'listTaxRates' | 'deleteTaxRate'
>;

export const shippingAndTaxHandlers = ({ database }: OrdersPlatform): SettingHandlers => ({
  setShippingMethod: async (method, { commit }) =>
    commit(async (tx) => {
      await setShippingMethod(tx, method);
      return method;
    }),
  listShippingMethods: async (filter) => ({ items: await listShippingMethods(database, filter) }),
  deleteShippingMethod: async ({ code, currency }, { errors, commit }) =>
    commit(async (tx) => {
      if (!(await deleteShippingMethod(tx, code, currency)))
        throw errors.SHIPPING_METHOD_NOT_FOUND(`There is no shipping method ${code} in ${currency}.`);
      return { code, currency };
    }),

  setTaxRate: async (rate, { commit }) =>
    commit(async (tx) => {
      await setTaxRate(tx, rate);
      return rate;
    }),
  listTaxRates: async ({ country }) => ({ items: await listTaxRates(database, country) }),
  deleteTaxRate: async ({ country, category }, { errors, commit }) =>
    commit(async (tx) => {
      if (!(await deleteTaxRate(tx, country, category)))
        throw errors.TAX_RATE_NOT_FOUND(`${country} has no rate for ${category}.`);
      return { country, category };
    }),
});
