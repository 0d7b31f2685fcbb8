import type { Context } from '../context.ts';
import type { Place } from '../policy.ts';
import { entriesBehind, readTrail } from '../store/trail.ts';

const PAGE = 1_000;

/** The whole trail as NDJSON, between a line that says where it begins and one that says where it ends. */
export async function* exportedLines({ database }: Context): AsyncGenerator<string> {
  const { start } = await readTrail(database);
  yield line({ start });
  let last = start;
  for (;;) {
    // Read anew, so that erasures which come while the export runs are in it too.
    const { head } = await readTrail(database);
    if (head.position <= last.position) break;
    for await (const [text, place] of page(database, last, head)) {
      yield text;
      last = place;
    }
  }
  yield line({ end: last });
}

async function* page(database: Context['database'], from: Place, head: Place): AsyncGenerator<[string, Place]> {
  const entries = await entriesBehind(database, from.position, head.position, PAGE);
  // Entries that are missing at the end: the file ends here as well, and its last line will not fit.
  if (entries.length === 0) yield ['', head];
  for (const entry of entries) yield [line(entry), { position: entry.position, hash: entry.hash }];
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;
