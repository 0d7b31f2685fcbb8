import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../process/free-port.ts';
import { silentProgress } from '../../process/progress.ts';
import { makeCertificates, type Certificates } from '../../test/certificates.ts';
import { startNode } from './broker.ts';

/** One Apache Kafka of a test's own that wants TLS and a sign-in. */
export interface SecuredKafka {
  /** "host:port" for SASL over TLS, by each of plain, scram-sha-256 and scram-sha-512. */
  secured: string;
  /** "host:port" for neither. */
  open: string;
  /** Who may sign in. */
  user: { username: string; password: string };
  certificates: Certificates;
  stop(): Promise<void>;
}

export const startSecuredKafka = async (): Promise<SecuredKafka> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-secured-'));
  const certificates = await makeCertificates(join(folder, 'certificates'));
  const user = { username: 'shop', password: 'a-secret of some length' };
  const [port, securedPort, controller] = [await freePort(), await freePort(), await freePort()];
  const broker = await startNode({
    nodeId: 1,
    port,
    controllers: [`127.0.0.1:${controller}`],
    clusterId: randomBytes(16).toString('base64url'),
    folder: join(folder, 'kafka'),
    secured: { port: securedPort, keystore: certificates.server.both, user },
    progress: silentProgress,
  });
  return {
    secured: `127.0.0.1:${securedPort}`,
    open: `127.0.0.1:${port}`,
    user,
    certificates,
    stop: async () => {
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
