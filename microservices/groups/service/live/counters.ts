import type { KeyValue } from '../../../ports/key-value/port.ts';
import type { Context } from '../../context.ts';
import type { Team } from '../../contract/values.ts';
import { findTeamByCode } from '../../store/teams.ts';
import { teamView } from '../views.ts';

/** What is shown of a team while it changes. Nothing is decided by it: seats are counted in SQL. */
export type Counters = Pick<Team, 'state' | 'size' | 'members' | 'seatsLeft' | 'missing' | 'price' | 'expiresAt'>;

const SPACE = 'live-teams';
/** So old counters may be, in whichever process they are read. */
const FRESH_SECONDS = 1;

/**
 * Reads the counters of a share code, undefined where there is no team. One process reads a team from SQL and the
 * others have it from the key-value store, so that many who watch one team cost the database one statement a second.
 */
export const counterReader =
  ({ database, keyValue }: Pick<Context, 'database'> & { keyValue: KeyValue }) =>
  async (code: string): Promise<Counters | undefined> => {
    const known = await keyValue.get<Counters>(SPACE, code);
    if (known) return known.value;
    const team = await findTeamByCode(database, code);
    if (!team) return undefined;
    const { state, size, members, seatsLeft, missing, price, expiresAt } = teamView(team);
    const counters = { state, size, members, seatsLeft, missing, price, expiresAt };
    await keyValue.put(SPACE, code, counters, { ttlSeconds: FRESH_SECONDS });
    return counters;
  };

/** The team can still change. */
export const isLive = ({ state }: Counters): boolean => state === 'open' || state === 'forming';
