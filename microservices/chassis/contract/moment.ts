import { z } from 'zod';

const OFFSET = /^(.+T\d{2}:\d{2}:\d{2})(\.\d+)?([+-]\d{2}:\d{2})$/;

/** A moment with an offset as the same moment in UTC, its fraction of a second kept; any other text as it is. */
export const inUtc = (moment: string): string => {
  const [, wall, fraction = '', offset] = OFFSET.exec(moment) ?? [];
  if (wall === undefined || offset === undefined) return moment;
  const milliseconds = Date.parse(`${wall}${offset}`);
  if (Number.isNaN(milliseconds)) return moment;
  return `${new Date(milliseconds).toISOString().slice(0, 19)}${fraction}Z`;
};

/**
 * A moment, ISO 8601, for example 2026-11-23T10:00:00.000Z or 2026-11-23T11:00:00+01:00, which comes out in UTC. Years
 * that databases and calendars disagree about (0000) stay out.
 */
export const timestamp = z.iso
  .datetime({
    offset: true,
    error: 'a moment looks like 2026-11-23T10:00:00Z or 2026-11-23T11:00:00+01:00 (ISO 8601)',
    abort: true,
  })
  .overwrite(inUtc)
  .refine((value) => value >= '1900', 'a moment here lies in the years 1900 to 9999')
  .describe('ISO 8601, UTC');
