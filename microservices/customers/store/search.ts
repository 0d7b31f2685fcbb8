import { z } from 'zod';
import type { InputOf } from '../../chassis/contract/index.ts';
import { oneText, readCursor } from '../../chassis/cursor.ts';
import type { Queryable, SqlValue } from '../../chassis/database/index.ts';
import { literally } from '../../chassis/database/like.ts';
import { queryWords, searchable } from '../../chassis/text/search-words.ts';
import type { customersContract } from '../contract.ts';
import { COLUMNS, type CustomerRow } from './customers.ts';

type CustomerFilter = InputOf<typeof customersContract, 'listCustomers'>;

const SORTS = {
  newest: { cursor: oneText, after: (first: number) => `c.id < $${first}`, order: 'c.id DESC' },
  oldest: { cursor: oneText, after: (first: number) => `c.id > $${first}`, order: 'c.id' },
  name: {
    cursor: z.tuple([z.string(), z.string()]),
    after: (first: number) => `(coalesce(c.name, ''), c.id) > ($${first}, $${first + 1})`,
    order: `coalesce(c.name, ''), c.id`,
  },
} as const;

/** The position that the next page starts after. */
export const positionIn =
  (sort: CustomerFilter['sort']) =>
  (customer: CustomerRow): string[] =>
    sort === 'name' ? [customer.name ?? '', customer.id] : [customer.id];

const LEAST_DIGITS = 3;

/** The digits of what may be a part of a phone number, without the zeros that its country code replaces. */
const phoneDigits = (search: string): string | undefined => {
  if (!/^[\d\s()+./-]+$/.test(search)) return undefined;
  const digits = search.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length < LEAST_DIGITS ? undefined : digits;
};

/**
 * True for customers in whose name all words begin or stand, however they are typed, or whose e-mail address or phone
 * number contains the text. Names are not asked for what is part of an address (it has an @); nothing but signs finds
 * nobody.
 */
const searchCondition = (search: string, values: SqlValue[]): string => {
  const words = queryWords(search);
  if (words.length === 0) return 'false';
  const place = (value: SqlValue): string => `$${values.push(value)}`;
  const digits = phoneDigits(search);
  const inNames = (): string =>
    `COALESCE(c.name_folded, lower(c.name)) LIKE ALL (${place(words.map((word) => `%${searchable(word)}%`))}::text[])`;
  const places = [
    ...(search.includes('@') ? [] : [inNames()]),
    `c.email LIKE ${place(`%${literally(search.toLowerCase())}%`)}`,
    ...(digits === undefined ? [] : [`c.phone LIKE ${place(`%${digits}%`)}`]),
  ];
  return `(${places.join(' OR ')})`;
};

/** Customers in order; one more than `limit`. */
export const listCustomers = (database: Queryable, filter: CustomerFilter): Promise<CustomerRow[]> => {
  const values: SqlValue[] = [];
  const conditions: string[] = [];
  const where = (value: string | undefined, condition: (place: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (filter.search !== undefined) conditions.push(searchCondition(filter.search, values));
  where(filter.email, (place) => `c.email = ${place}`);
  where(filter.phone, (place) => `c.phone = ${place}`);
  where(filter.group, (place) => `c.group_code = ${place}`);
  where(filter.tag, (place) => `EXISTS (SELECT 1 FROM customer_tag t WHERE t.customer_id = c.id AND t.tag = ${place})`);
  where(filter.kind, (place) => `c.kind = ${place}`);
  where(filter.state, (place) => `c.state = ${place}`);
  where(filter.createdFrom, (place) => `c.created_at >= ${place}`);
  where(filter.createdUntil, (place) => `c.created_at < ${place}`);
  const sort = SORTS[filter.sort];
  const after = readCursor<string[]>(filter.cursor, sort.cursor);
  if (after) {
    conditions.push(sort.after(values.length + 1));
    values.push(...after);
  }
  values.push(filter.limit + 1);
  return database.rows<CustomerRow>(
    `SELECT ${COLUMNS} FROM customer c ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY ${sort.order} LIMIT $${values.length}`,
    values,
  );
};

/** Folds the names of at most `limit` customers who were saved before names were. Returns how many. */
export const foldNames = async (database: Queryable, limit: number): Promise<number> => {
  const unfolded = await database.rows<{ id: string; name: string }>(
    'SELECT id, name FROM customer WHERE name_folded IS NULL AND name IS NOT NULL ORDER BY id LIMIT $1',
    [limit],
  );
  const folded = unfolded.map(({ id, name }) => ({ id, name, folded: searchable(name) }));
  // An erasure in between leaves no name, and then nothing to fold.
  return database.run(
    `UPDATE customer SET name_folded = f.folded FROM jsonb_to_recordset($1::jsonb) AS f(id text, name text, folded text)
     WHERE customer.id = f.id AND customer.name = f.name`,
    [JSON.stringify(folded)],
  );
};
