import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../process/free-port.ts';
import { answersOk } from '../answers.ts';
import type { Engine, ServerCertificate } from '../engine.ts';
import { startServer } from '../server.ts';
import { credentialsIn, type Credentials } from './credentials.ts';
import { installGoProgram, type GoProgram } from './go.ts';

export interface S3Server {
  /** Its name in `npm run engines`. */
  name: string;
  program: GoProgram;
  args: (at: S3Place) => string[];
  /** Puts a certificate where the server looks for it, when it takes no argument for it. */
  placeCertificate?: (tls: ServerCertificate, folder: string) => Promise<void>;
  environment: (credentials: Credentials) => Record<string, string>;
  /** Returns 200 once it serves requests. */
  healthPath: string;
}

interface S3Place {
  address: string;
  data: string;
  folder: string;
  tls: ServerCertificate | undefined;
}

const BUCKET = 'fusioncommerce';

/** An S3 server as an engine. Its bucket is made by whoever first uses it. */
export const s3Engine = ({ name, program, args, environment, healthPath, placeCertificate }: S3Server): Engine => ({
  name,
  title: program.title,
  option: { flag: '--s3', variable: 'S3_URL' },
  install: async (progress) => void (await installGoProgram(program, progress)),
  start: async ({ folder, port, tls, progress }) => {
    const file = await installGoProgram(program, progress);
    const credentials = await credentialsIn(folder);
    const listening = port ?? (await freePort());
    const address = `127.0.0.1:${listening}`;
    const data = join(folder, 'data');
    await mkdir(data, { recursive: true, mode: 0o700 });
    if (tls) await placeCertificate?.(tls, folder);
    const scheme = tls ? 'https' : 'http';
    const authority = tls && (await readFile(tls.authority, 'utf8'));
    const server = await startServer({
      title: program.title,
      file,
      port: listening,
      args: args({ address, data, folder, tls }),
      folder,
      environment: environment(credentials),
      ready: () => answersOk(`${scheme}://${address}${healthPath}`, authority),
      patienceMs: 60_000,
    });
    return { ...server, url: `${scheme}://${credentials.accessKey}:${credentials.secretKey}@${address}/${BUCKET}` };
  },
});
