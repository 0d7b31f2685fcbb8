import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { containing } from '../../chassis/database/like.ts';
import { location, type Location } from '../contract/shapes.ts';

const LOCATION = columns(Object.keys(location.shape));

type NewLocation = Omit<Location, 'active' | 'version' | 'createdAt'>;

/** Throws a unique violation of `location_code` when the code is taken. */
export const insertLocation = (tx: Queryable, location: NewLocation): Promise<Location> =>
  tx.one<Location>(
    `INSERT INTO location (id, code, name, kind, country, city, priority) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${LOCATION}`,
    [location.id, location.code, location.name, location.kind, location.country, location.city, location.priority],
  );

export const findLocation = (db: Queryable, id: string): Promise<Location | undefined> =>
  db.maybeOne<Location>(`SELECT ${LOCATION} FROM location WHERE id = $1`, [id]);

export const lockLocation = (tx: Queryable, id: string): Promise<Location | undefined> =>
  tx.maybeOne<Location>(`SELECT ${LOCATION} FROM location WHERE id = $1 FOR UPDATE`, [id]);

/** Throws a unique violation of `location_code` when the code is taken. */
export const writeLocation = (tx: Queryable, location: Location): Promise<Location> =>
  tx.one<Location>(
    `UPDATE location SET code = $2, name = $3, kind = $4, country = $5, city = $6, priority = $7, active = $8, version = version + 1
     WHERE id = $1 RETURNING ${LOCATION}`,
    [
      location.id,
      location.code,
      location.name,
      location.kind,
      location.country,
      location.city,
      location.priority,
      location.active,
    ],
  );

export interface LocationFilter {
  kind?: string | undefined;
  country?: string | undefined;
  active?: boolean | undefined;
  search?: string | undefined;
  sort: 'priority' | 'code' | '-code';
  limit: number;
}
export type LocationKey = [priority: number, code: string];

const ORDERS = {
  priority: { after: '(priority, code) > ($5, $6)', by: 'priority, code' },
  code: { after: 'code > $6', by: 'code' },
  '-code': { after: 'code < $6', by: 'code DESC' },
} as const;

/** One page and one row more. */
export const listLocations = (
  db: Queryable,
  filter: LocationFilter,
  after: LocationKey | undefined,
): Promise<Location[]> => {
  const order = ORDERS[filter.sort];
  return db.rows<Location>(
    `SELECT ${LOCATION} FROM location
     WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR country = $2) AND ($3::boolean IS NULL OR active = $3)
       AND ($4::text IS NULL OR code ILIKE $4 OR name ILIKE $4)
       AND (($5::int IS NULL AND $6::text IS NULL) OR ${order.after})
     ORDER BY ${order.by} LIMIT $7`,
    [
      filter.kind ?? null,
      filter.country ?? null,
      filter.active ?? null,
      containing(filter.search),
      after?.[0] ?? null,
      after?.[1] ?? null,
      filter.limit + 1,
    ],
  );
};
