import { join } from 'node:path';
import { freePort } from '../../local/free-port.ts';
import { silentProgress } from '../../local/progress.ts';
import { runTool } from '../../local/run-tool.ts';
import { installOnce } from '../../local/user-cache.ts';
import { startServer } from '../../engines/server.ts';

interface Product {
  title: string;
  module: string;
  version: string;
  args: (port: number, objects: string) => Promise<string[]>;
  healthPath: string;
  /** Names of the variables that hold the first user's keys. */
  keys: { access: string; secret: string };
}

export const accessKey = 'fusioncommerce';
export const secretKey = 'fusioncommerce-secret';

/** Two servers of the S3 API from the Go proxy: a node that works with both asks for nothing beyond it. */
const PRODUCTS = {
  versitygw: {
    title: 'Versity S3 Gateway',
    module: 'github.com/versity/versitygw/cmd/versitygw',
    version: 'v1.8.0',
    args: async (port, objects) => ['--port', `127.0.0.1:${port}`, '--quiet', '--health', '/health', 'posix', objects],
    healthPath: '/health',
    keys: { access: 'ROOT_ACCESS_KEY', secret: 'ROOT_SECRET_KEY' },
  },
  minio: {
    title: 'MinIO',
    module: 'github.com/minio/minio',
    version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
    args: async (port, objects) => [
      ...['server', objects, '--quiet', '--address', `127.0.0.1:${port}`],
      ...['--console-address', `127.0.0.1:${await freePort()}`],
    ],
    healthPath: '/minio/health/ready',
    keys: { access: 'MINIO_ROOT_USER', secret: 'MINIO_ROOT_PASSWORD' },
  },
} satisfies Record<string, Product>;

export type S3Product = keyof typeof PRODUCTS;
export const S3_PRODUCTS = Object.keys(PRODUCTS) as S3Product[];

/** Installs it once per user and starts it on a free port; its log lies in `folder`, its buckets in `objects`. */
export const startS3Server = async (
  name: S3Product,
  folder: string,
  objects: string,
): Promise<{ endpoint: string; stop: () => Promise<void> }> => {
  const { title, module, version, args, healthPath, keys }: Product = PRODUCTS[name];
  const programs = await installOnce({
    name: `${name}-${version}`,
    title,
    cost: 'a few minutes of building',
    progress: silentProgress,
    build: async (building) =>
      void (await runTool({
        file: 'go',
        args: ['install', `${module}@${version}`],
        folder: building,
        environment: { GOBIN: building, GOFLAGS: '-mod=mod' },
        failure: `${title} could not be built. Install Go, and check the network.`,
      })),
  });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startServer({
    title,
    file: join(programs, name),
    args: await args(port, objects),
    folder,
    environment: { [keys.access]: accessKey, [keys.secret]: secretKey },
    ready: () =>
      fetch(`${endpoint}${healthPath}`, { signal: AbortSignal.timeout(2_000) }).then(
        async (response) => {
          await response.arrayBuffer();
          return response.ok;
        },
        () => false,
      ),
  });
  return { endpoint, stop: server.stop };
};
