import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianHas } from '../engines/debian.ts';
import type { ServerCertificate } from '../engines/engine.ts';
import { silentProgress } from '../process/progress.ts';
import { runTool } from '../process/run-tool.ts';

interface Authority {
  /** PEM, and the files that hold it and the key. */
  certificate: string;
  file: string;
  key: string;
}

/** Certificates and keys for a test of TLS. */
export interface Certificates {
  /** Of the server. */
  server: ServerCertificate;
  /** Signed it. */
  trusted: Authority;
  /** Signed nothing. */
  stranger: Authority;
}

const openssl = (folder: string, ...args: string[]): Promise<string> =>
  runTool({ file: 'openssl', args, folder, failure: 'A certificate for a test could not be made.' });

const hasOpenssl = (): Promise<boolean> =>
  openssl('/', 'version').then(
    () => true,
    () => false,
  );

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const makeAuthority = async (folder: string, name: string): Promise<Authority> => {
  const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-days', '1', '-addext', 'keyUsage=critical,keyCertSign'];
  const certificate = await openssl(folder, 'req', '-x509', ...EC_KEY, '-keyout', key, ...subject);
  await writeFile(file, certificate);
  return { certificate, file, key };
};

const makeServerCertificate = async (
  folder: string,
  authority: Authority,
  names: string,
): Promise<ServerCertificate> => {
  const at = (name: string): string => join(folder, `server.${name}`);
  const [key, request, extension] = [at('key'), at('csr'), at('ext')];
  const [certificate, both] = [at('pem'), at('both.pem')];
  await openssl(folder, 'req', ...EC_KEY, '-keyout', key, '-out', request, '-subj', '/CN=localhost');
  await writeFile(extension, `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  const by = ['-CA', authority.file, '-CAkey', authority.key, '-CAcreateserial'];
  await openssl(
    folder,
    'x509',
    '-req',
    '-in',
    request,
    ...by,
    '-days',
    '1',
    '-extfile',
    extension,
    '-out',
    certificate,
  );
  await writeFile(both, `${await readFile(key, 'utf8')}${await readFile(certificate, 'utf8')}`, { mode: 0o600 });
  return { certificate, key, both, authority: authority.file };
};

/**
 * Certificates of one test's own in a folder, valid for a day, made with the machine's openssl; the server's is made
 * out to `names`, in OpenSSL's words. Throws where there is no openssl.
 */
export const makeCertificates = async (folder: string, names = 'IP:127.0.0.1,DNS:localhost'): Promise<Certificates> => {
  if (!(await hasOpenssl())) await debianHas('openssl', { what: 'openssl', progress: silentProgress });
  await mkdir(folder, { recursive: true });
  const [trusted, stranger] = [await makeAuthority(folder, 'trusted'), await makeAuthority(folder, 'stranger')];
  return { server: await makeServerCertificate(folder, trusted, names), trusted, stranger };
};
