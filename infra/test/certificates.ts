import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../local/run-tool.ts';

export interface Authority {
  /** PEM, and the files that hold it and the key. */
  certificate: string;
  file: string;
  key: string;
}

/** Files in PEM format: a certificate that the authority signed, and its key. */
export interface ServerCertificate {
  certificate: string;
  key: string;
}

const openssl = (folder: string, ...args: string[]): Promise<string> =>
  runTool({ file: 'openssl', args, folder, failure: 'A certificate for a test could not be made.' });

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of one test's own, valid for a day. */
export const makeAuthority = async (folder: string, name: string): Promise<Authority> => {
  const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-days', '1', '-addext', 'keyUsage=critical,keyCertSign'];
  const certificate = await openssl(folder, 'req', '-x509', ...EC_KEY, '-keyout', key, ...subject);
  await writeFile(file, certificate);
  return { certificate, file, key };
};

/** A certificate for this machine's loopback address, signed by an authority. */
export const makeServerCertificate = async (folder: string, authority: Authority): Promise<ServerCertificate> => {
  const [key, request, names, certificate] = ['server.key', 'server.csr', 'server.ext', 'server.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await openssl(folder, 'req', ...EC_KEY, '-keyout', key, '-out', request, '-subj', '/CN=localhost');
  await writeFile(names, 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n');
  const by = ['-CA', authority.file, '-CAkey', authority.key, '-CAcreateserial'];
  await openssl(folder, 'x509', '-req', '-in', request, ...by, '-days', '1', '-extfile', names, '-out', certificate);
  return { certificate, key };
};
