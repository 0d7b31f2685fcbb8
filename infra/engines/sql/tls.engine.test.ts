import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type pg from 'pg';
import { createPool } from '../../../microservices/chassis/database/pool.ts';
import { untilWithin } from '../../../microservices/chassis/testing/until.ts';
import { silentProgress } from '../../process/progress.ts';
import { query, startYugabyteDbBench, type YugabyteDbBench } from '../../../nodes/YugabyteDb/testing/yugabytedb.ts';
import { makeCertificates, type Certificates } from '../../test/certificates.ts';
import { freshDatabase } from '../../test/platform.ts';
import { startCommand } from '../../test/start-command.ts';
import type { RunningEngine } from '../engine.ts';
import { sql } from './index.ts';

const until = untilWithin(240_000);

let folder: string;
let certificates: Certificates;
let running: RunningEngine;
/** Of a server that knows no TLS. */
let plain: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-sql-tls-'));
  // PostgreSQL, which is not run as root, has to get in.
  await chmod(folder, 0o755);
  certificates = await makeCertificates(join(folder, 'certificates'));
  running = await sql.start({ folder: join(folder, 'sql'), tls: certificates.server, progress: silentProgress });
  await letNobodyInWithoutTls();
  plain = new URL(await freshDatabase());
}, 120_000);
afterAll(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Over the network, where TLS is; the engine's own URL prefers its socket. */
const urlWith = (parameters: Record<string, string>): string => {
  const url = new URL(running.url);
  url.search = new URLSearchParams(parameters).toString();
  return url.href;
};
const verified = (authority = certificates.trusted.file): string =>
  urlWith({ sslmode: 'verify-full', sslrootcert: authority });

const ask = async <Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> => {
  const pool = createPool({ url, schema: 'public', max: 1 });
  try {
    return (await pool.query<Row>(text)).rows;
  } finally {
    await pool.end();
  }
};

const letNobodyInWithoutTls = async (): Promise<void> => {
  const [settings] = await ask<{ hba_file: string }>(verified(), 'SHOW hba_file');
  await writeFile(settings?.hba_file ?? '', 'hostssl all all 127.0.0.1/32 scram-sha-256\n');
  await ask(verified(), 'SELECT pg_reload_conf()');
  const isOpen = (): Promise<boolean> =>
    ask(urlWith({}), 'SELECT 1').then(
      () => true,
      () => false,
    );
  await until(async () => !(await isOpen()));
};

test('a service’s connections are encrypted, with an authority of one’s own', async () => {
  expect(await ask(verified(), 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toEqual([{ ssl: true }]);
});

const UNTRUSTED: unknown = expect.objectContaining({
  code: expect.stringMatching(/^(UNABLE_TO_|CERT_|SELF_SIGNED_)/) as string,
});

test('an authority that did not sign is refused, as is none', async () => {
  await expect(ask(verified(certificates.stranger.file), 'SELECT 1')).rejects.toEqual(UNTRUSTED);
  await expect(ask(urlWith({ sslmode: 'verify-full' }), 'SELECT 1')).rejects.toEqual(UNTRUSTED);
});

test.each<[string, () => string, RegExp]>([
  [
    'an authority that did not sign',
    () => verified(certificates.stranger.file),
    /shows a certificate that is not trusted \(.+\)\. Name the file of the authority .*sslrootcert=FILE/,
  ],
  ['no authority of one’s own', () => urlWith({ sslmode: 'verify-full' }), /shows a certificate that is not trusted/],
  ['no TLS', () => urlWith({}), /refused the user "fusioncommerce" \(.*no encryption.*whether it wants TLS/],
  [
    'TLS to a server without it',
    () => {
      const url = new URL(plain);
      url.search = 'sslmode=verify-full';
      return url.href;
    },
    /PostgreSQL at 127\.0\.0\.1:\d+ does not speak TLS, which the URL asks for/,
  ],
  [
    'a wrong password',
    () => verified().replace(/:[^:@]+@/, ':wrong@'),
    /refused the user "fusioncommerce" \(password authentication failed/,
  ],
  ['a database that is none', () => verified().replace(/\/fusioncommerce\?/, '/none?'), /has no database "none"/],
  [
    'nobody there',
    () => 'postgres://shop:secret@127.0.0.1:9/shop',
    /at 127\.0\.0\.1:9 does not answer \(.*ECONNREFUSED/,
  ],
])(
  'npm start with %s ends in words and without a stack',
  async (_what, url, words) => {
    const platform = await startCommand({
      file: 'local/main.ts',
      args: ['--port', '0', '--without-n8n', '--data', join(folder, 'refused')],
      environment: { DATABASE_URL: url() },
      log: join(folder, 'refused.log'),
    });
    expect(await platform.ended).toBe('exit code 1');
    const printed = await platform.printed();
    expect(printed).toMatch(words);
    expect(printed).not.toContain('    at ');
  },
  120_000,
);

describe('the YugabyteDB node', () => {
  let bench: YugabyteDbBench;
  beforeAll(async () => {
    bench = await startYugabyteDbBench(verified());
  }, 120_000);
  afterAll(() => bench?.stop());

  const credential = (changed: IDataObject = {}): IDataObject => ({
    ...{ ssl: true, rejectUnauthorized: true, ca: certificates.trusted.certificate },
    ...changed,
  });
  const isEncrypted = query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');

  test('asks over TLS, and its credential is tested for real', async () => {
    expect(await bench.run('query.execute', isEncrypted, [{}], { credential: credential() })).toEqual([{ ssl: true }]);
    expect(await bench.test(credential())).toMatchObject({ status: 'OK' });
  });

  const noTls = /encrypted connection to YugabyteDB at 127\.0\.0\.1:\d+ could not be made: .*certificate/;
  test.each<[string, () => IDataObject, string, RegExp]>([
    ['an authority that did not sign', () => ({ ca: certificates.stranger.certificate }), 'TLS_FAILED', noTls],
    ['no authority of one’s own', () => ({ ca: '' }), 'TLS_FAILED', noTls],
    [
      'TLS to a server without it',
      () => ({ host: plain.hostname, port: Number(plain.port) }),
      'TLS_FAILED',
      /YugabyteDB at 127\.0\.0\.1:\d+ does not encrypt connections/,
    ],
    ['no TLS', () => ({ ssl: false }), 'AUTHENTICATION_FAILED', /no encryption.*whether the server asks for TLS/],
  ])('with %s the test and the node are refused in words', async (_what, changed, code, words) => {
    const given = credential(changed());
    expect(await bench.test(given)).toEqual({ status: 'Error', message: expect.stringMatching(words) as string });
    const refusal = await bench.refused('query.execute', isEncrypted, [{}], { credential: given });
    expect(refusal).toMatch(words);
    expect(refusal).toMatch(new RegExp(`^${code}: `));
  });
});
