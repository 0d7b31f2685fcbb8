/** The "From List" of resource locators: asks the service, as the analyst types. */
import {
  NodeOperationError,
  type ILoadOptionsFunctions,
  type INodeListSearchItems,
  type INodeListSearchResult,
} from 'n8n-workflow';
import type { ListPicker, Pickers } from './route.ts';
import { advice } from './problem.ts';
import { searchCurrencies } from './shop-currency.ts';
import { send } from './transport.ts';

type Search = (
  this: ILoadOptionsFunctions,
  filter?: string,
  paginationToken?: string,
) => Promise<INodeListSearchResult>;

/** The search methods of a node, by the names that its resource locators call. */
export const listSearch = (pickers: Pickers): Record<string, Search> =>
  Object.fromEntries(
    Object.entries(pickers).map(([name, picker]): [string, Search] => [
      name,
      async function (filter, paginationToken) {
        return 'currencies' in picker ? searchCurrencies(this, filter) : search(this, picker, filter, paginationToken);
      },
    ]),
  );

const search = async (
  context: ILoadOptionsFunctions,
  picker: ListPicker,
  filter: string | undefined,
  cursor: string | undefined,
): Promise<INodeListSearchResult> => {
  const path = pathOf(context, picker);
  const words = filter?.trim();
  const query = {
    limit: 50,
    ...picker.query,
    ...(cursor && { cursor }),
    ...(words && picker.search && { [picker.search]: words }),
  };
  const answer = await send(context, { method: 'GET', path, query, once: true });
  if (!answer.ok) {
    throw new NodeOperationError(context.getNode(), answer.problem.detail, { description: advice(answer.problem) });
  }
  const { items, nextCursor } = answer.body as { items: Record<string, unknown>[]; nextCursor: string | null };
  const shown = items.map((item) => entry(item, picker));
  return {
    results: distinct(picker.search || !words ? shown : shown.filter(({ name }) => contains(name, words))),
    ...(nextCursor && { paginationToken: nextCursor }),
  };
};

const pathOf = (context: ILoadOptionsFunctions, { path, within }: ListPicker): string => {
  if (!within) return path;
  const given = context.getCurrentNodeParameter(within, { extractValue: true }) as unknown;
  if (typeof given !== 'string' || given === '')
    throw new NodeOperationError(
      context.getNode(),
      `Choose the ${within.replace(/Id$/, '')} first: this list depends on it.`,
    );
  return path.replace(`{${within}}`, encodeURIComponent(given));
};

const entry = (item: Record<string, unknown>, { label, value }: ListPicker): INodeListSearchItems => {
  const parts = label.map((name) => words(item[name])).filter(Boolean);
  const id = words(item[value]);
  return { name: parts.join(' · ') || id, value: id };
};

/** Texts and numbers as they are; of a text in several languages the first. */
const words = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && value !== null) return words(Object.values(value)[0]);
  return '';
};

const contains = (name: string, part: string): boolean => name.toLowerCase().includes(part.toLowerCase());

/** A template exists once in each language and is one choice. */
const distinct = (entries: INodeListSearchItems[]): INodeListSearchItems[] =>
  [...new Map(entries.toReversed().map((one) => [one.value, one])).values()].toReversed();
