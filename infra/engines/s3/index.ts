import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine.ts';
import { s3Engine } from './server.ts';

/** MinIO as its community edition was left in February 2026: the server that users have. */
export const s3: Engine = s3Engine({
  name: 's3',
  program: {
    name: 'minio',
    title: 'MinIO 2026-02-12',
    cost: 'its sources, 112 MB, many minutes of building',
    source: 'github.com/minio/minio',
    version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
  },
  args: ({ address, data, folder }) => [
    ...['server', '--quiet', '--address', address],
    // It would keep certificates among the user's files otherwise.
    ...['--certs-dir', join(folder, 'certs')],
    data,
  ],
  environment: ({ accessKey, secretKey }) => ({
    MINIO_ROOT_USER: accessKey,
    MINIO_ROOT_PASSWORD: secretKey,
    MINIO_BROWSER: 'off',
    // It asks nobody for newer versions.
    MINIO_UPDATE: 'off',
    GOMEMLIMIT: '256MiB',
  }),
  placeCertificate: async ({ certificate, key }, folder) => {
    await mkdir(join(folder, 'certs'), { recursive: true });
    await copyFile(certificate, join(folder, 'certs', 'public.crt'));
    await copyFile(key, join(folder, 'certs', 'private.key'));
  },
  healthPath: '/minio/health/cluster',
});

/**
 * The Versity gateway, maintained, smaller and sooner built: S3 on a folder of plain files, with what S3 knows about
 * them in their extended attributes.
 */
export const versitygw: Engine = s3Engine({
  name: 'versitygw',
  program: {
    name: 'versitygw',
    title: 'Versity S3 Gateway 1.8.0',
    cost: 'its sources, 61 MB, minutes of building',
    source: 'github.com/versity/versitygw/cmd/versitygw',
    version: 'v1.8.0',
  },
  args: ({ address, data, tls }) => [
    ...['--port', address, '--health', '/health', '--quiet', '--keep-alive'],
    ...(tls ? ['--cert', tls.certificate, '--key', tls.key] : []),
    ...['posix', data],
  ],
  environment: ({ accessKey, secretKey }) => ({
    ROOT_ACCESS_KEY_ID: accessKey,
    ROOT_SECRET_ACCESS_KEY: secretKey,
    GOMEMLIMIT: '128MiB',
  }),
  healthPath: '/health',
});
