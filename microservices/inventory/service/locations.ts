import { z } from 'zod';
import { reference } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { isUniqueViolation } from '../../chassis/database/index.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { priority, type Location } from '../contract/shapes.ts';
import { findLocation, insertLocation, listLocations, lockLocation, writeLocation } from '../store/locations.ts';
import { noLocation } from './refusals.ts';

type Names = 'createLocation' | 'updateLocation' | 'getLocation' | 'listLocations';

export const locationHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  createLocation: command(async (tx, input, { errors }) => {
    const location = { ...input, id: newId('loc'), city: input.city ?? null };
    const made = await insertLocation(tx, location).catch(orCodeTaken(input.code, errors.LOCATION_CODE_TAKEN));
    announceLocation(tx, made);
    return made;
  }),

  updateLocation: command(async (tx, { locationId, expectedVersion, ...given }, { errors }) => {
    const known = await lockLocation(tx, locationId);
    if (!known) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
    requireVersion({ name: 'The location', version: known.version }, expectedVersion, errors.VERSION_CONFLICT);
    const wanted = withChanges(known, given);
    const written = await writeLocation(tx, wanted).catch(orCodeTaken(wanted.code, errors.LOCATION_CODE_TAKEN));
    announceLocation(tx, written);
    return written;
  }),

  getLocation: async ({ locationId }, { errors }) => {
    const location = await findLocation(database, locationId);
    if (!location) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
    return location;
  },

  listLocations: async ({ cursor, ...filter }) => {
    const after = readCursor(cursor, z.tuple([priority, reference]));
    return toPage(await listLocations(database, filter, after), filter.limit, (row) => [row.priority, row.code]);
  },
});

const announceLocation = (tx: Tx, { id, code, kind, country, active }: Location): void => {
  tx.append('inventory.location_changed', id, { locationId: id, code, kind, country, active });
};

const orCodeTaken =
  (code: string, problem: (detail: string, data: { code: string }) => Problem) =>
  (error: unknown): never => {
    throw isUniqueViolation(error, 'location_code')
      ? problem(`Another location has the code ${code}. Choose another one.`, { code })
      : error;
  };
