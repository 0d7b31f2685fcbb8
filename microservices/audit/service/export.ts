import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type RequestHandler } from 'express';
import { auditContract } from '../contract.ts';
import type { Context } from '../context.ts';
import type { Place } from '../policy.ts';
import { entriesBehind, readTrail } from '../store/trail.ts';

const PATH = '/v1/audit/export';
const PAGE = 1_000;

/**
 * Streams the whole trail as NDJSON, a line an entry, between a line that says where it begins and one that says where
 * it ends. `npm run audit:verify` checks such a file without the platform. Let in is who may list the anchors.
 */
export const exportTrail = (context: Context): RequestHandler => {
  const router = Router();
  router.get(PATH, async (request, response) => {
    const credential = request.headers.authorization?.replace(/^bearer +/i, '') ?? '';
    await context.client(auditContract).listAnchors({ limit: 1 }, { credential });
    response.set({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="audit-trail.ndjson"',
      'cache-control': 'no-store',
    });
    await pipeline(Readable.from(linesOf(context)), response).catch((err: unknown) =>
      // The last line is missing, so that the file shows it.
      context.log.warn({ err }, 'an export of the audit trail broke off'),
    );
  });
  return router;
};

async function* linesOf({ database }: Context): AsyncGenerator<string> {
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
