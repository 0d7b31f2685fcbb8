import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../local/free-port.ts';
import { answersOk } from '../answers.ts';
import type { Engine } from '../engine.ts';
import { startServer } from '../server.ts';
import { credentialsIn, type Credentials } from './credentials.ts';
import { installGoProgram, type GoProgram } from './go.ts';

export interface S3Server {
  /** What `npm run engines` calls it. */
  name: string;
  program: GoProgram;
  args: (at: { address: string; data: string; folder: string }) => string[];
  environment: (credentials: Credentials) => Record<string, string>;
  /** Answers 200 once it serves requests. */
  healthPath: string;
}

const BUCKET = 'fusioncommerce';

/** An S3 server as an engine. Its bucket is made by whoever first uses it. */
export const s3Engine = ({ name, program, args, environment, healthPath }: S3Server): Engine => ({
  name,
  title: program.title,
  option: { flag: '--s3', variable: 'S3_URL' },
  install: async (progress) => void (await installGoProgram(program, progress)),
  start: async ({ folder, port, progress }) => {
    const file = await installGoProgram(program, progress);
    const credentials = await credentialsIn(folder);
    const listening = port ?? (await freePort());
    const address = `127.0.0.1:${listening}`;
    const data = join(folder, 'data');
    await mkdir(data, { recursive: true, mode: 0o700 });
    const server = await startServer({
      title: program.title,
      file,
      port: listening,
      args: args({ address, data, folder }),
      folder,
      environment: environment(credentials),
      ready: () => answersOk(`http://${address}${healthPath}`),
      patienceMs: 60_000,
    });
    return { ...server, url: `http://${credentials.accessKey}:${credentials.secretKey}@${address}/${BUCKET}` };
  },
});
