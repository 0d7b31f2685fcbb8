import { command, startOver } from '../../chassis/http/command.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Handlers } from '../context.ts';
import {
  deleteShippingMethod,
  deleteTaxRate,
  listShippingMethods,
  listTaxRates,
  lockShippingMethod,
  setShippingMethod,
  setTaxRate,
} from '../store/shipping-and-tax.ts';

type Names =
  | 'setShippingMethod'
  | 'listShippingMethods'
  | 'deleteShippingMethod'
  | 'setTaxRate'
  | 'listTaxRates'
  | 'deleteTaxRate';

export const shippingAndTaxHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  setShippingMethod: command(async (tx, { expectedVersion, ...wanted }, { errors }) => {
    const { code, currency } = wanted;
    const known = await lockShippingMethod(tx, code, currency);
    requireVersion(
      { name: `The shipping method ${code} in ${currency}`, version: known },
      expectedVersion,
      errors.VERSION_CONFLICT,
    );
    const method = { ...wanted, version: (known ?? 0) + 1 };
    if (!(await setShippingMethod(tx, method))) throw startOver(undefined);
    return method;
  }),

  listShippingMethods: async (filter) => ({ items: await listShippingMethods(database, filter) }),

  deleteShippingMethod: command(async (tx, { code, currency }, { errors }) => {
    if (!(await deleteShippingMethod(tx, code, currency)))
      throw errors.SHIPPING_METHOD_NOT_FOUND(
        `There is no shipping method ${code} in ${currency}. List the shipping methods to find the right one.`,
      );
    return { code, currency };
  }),

  setTaxRate: command(async (tx, rate) => {
    await setTaxRate(tx, rate);
    return rate;
  }),

  listTaxRates: async ({ country }) => ({ items: await listTaxRates(database, country) }),

  deleteTaxRate: command(async (tx, { country, category }, { errors }) => {
    if (!(await deleteTaxRate(tx, country, category)))
      throw errors.TAX_RATE_NOT_FOUND(
        `There is no tax rate of ${country} for ${category}. List the tax rates to find the right one.`,
      );
    return { country, category };
  }),
});
