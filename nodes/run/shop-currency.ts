/** Currencies of ISO 4217, and which of them is the shop's own. */
import { type IExecuteFunctions, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import { CURRENCY_DECIMALS } from '../../microservices/chassis/contract/iso.ts';
import { send } from './transport.ts';

const SHOP = '/v1/shop';

/** The currency of the shop's prices; undefined when the platform does not say. */
export const shopCurrency = async (context: IExecuteFunctions | ILoadOptionsFunctions): Promise<string | undefined> => {
  const answer = await send(context, { method: 'GET', path: SHOP, once: !('getExecutionId' in context) });
  const currency = answer.ok ? (answer.body as { currency?: unknown }).currency : undefined;
  return typeof currency === 'string' ? currency : undefined;
};

/** "Euro (EUR)" for each currency, the shop's own first; found by name or code. */
export const searchCurrencies = async (
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> => {
  const own = await shopCurrency(context);
  const names = new Intl.DisplayNames(['en'], { type: 'currency' });
  const words = filter?.trim().toLowerCase() ?? '';
  const results = [...CURRENCY_DECIMALS.keys()]
    .map((code) => ({
      name: `${names.of(code) ?? code} (${code})${code === own ? ', the shop’s own' : ''}`,
      value: code,
    }))
    .filter(({ name }) => name.toLowerCase().includes(words))
    .toSorted(
      (left, right) =>
        Number(right.value === own) - Number(left.value === own) || left.name.localeCompare(right.name, 'en'),
    );
  return { results };
};
