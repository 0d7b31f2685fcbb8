import { parseArgs } from 'node:util';
import { NoExport, verifyFile } from './verify-file.ts';

const USAGE = `Usage: npm run audit:verify -- FILE [--anchor POSITION:HASH]…

Checks an export of the audit trail (GET /v1/audit/export) without the platform.
--anchor  the data of an event audit.anchored that was kept outside: the trail must contain it

Exit codes: 0 the trail is whole, 1 it is not, 2 the file cannot be checked.`;

const anchorIn = (text: string): [number, string] => {
  const [, position = '', hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === '')
    throw new NoExport(`--anchor holds "${text}"; it should be a position, a colon and a hash of 64 digits.`);
  return [Number(position), hash];
};

const run = async (): Promise<number> => {
  const options = { anchor: { type: 'string', multiple: true }, help: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1 || values.help) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const { entries, start, end, broken } = await verifyFile(file, new Map((values.anchor ?? []).map(anchorIn)));
  if (broken) {
    console.log(`Broken at entry ${broken.position}${broken.id === null ? '' : ` (${broken.id})`}: ${broken.reason}.`);
    return 1;
  }
  console.log(`Whole: ${entries} entries, ${start.position + 1} to ${end.position}. Head ${end.hash}`);
  return 0;
};

process.exitCode = await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
