import { pipeline } from 'node:stream/promises';
import { Router, type RequestHandler } from 'express';
import { Problem } from '../../chassis/problem.ts';
import type { Context } from '../context.ts';
import { keyOf } from '../policy/media-files.ts';

const MEDIA_ID = /^med_[0-9a-f]{32}$/;
const RENDITION = /^[a-z0-9]{1,10}-[0-9a-f]{16}\.webp$/;
/** Videos and models. The original of a picture is not shown: it may hold where it was taken. */
const WHOLE = /^original\.(mp4|webm|glb|usdz)$/;
const SIGNED_SECONDS = 3_600;

/**
 * GET /v1/catalog/media/{id}/files/{file}: renditions of pictures, which caches may keep for ever. Videos and models
 * are redirected to a signed address, where a part of them can be asked for.
 */
export const mediaFiles = ({ objectStore, log }: Pick<Context, 'objectStore' | 'log'>): RequestHandler => {
  const router = Router();
  router.get('/v1/catalog/media/:id/files/:file', async (request, response) => {
    const { id, file } = request.params;
    const key = keyOf(id, file);
    if (MEDIA_ID.test(id) && WHOLE.test(file) && (await objectStore.stat(key))) {
      response.set('cache-control', 'no-store');
      response.redirect(302, await objectStore.presign('GET', key, { expiresInSeconds: SIGNED_SECONDS }));
      return;
    }
    const found = MEDIA_ID.test(id) && RENDITION.test(file) ? await objectStore.get(key) : undefined;
    if (!found) throw noFile(id, file);
    response.set({
      'content-type': found.info.contentType,
      'content-length': String(found.info.size),
      'cache-control': 'public, max-age=31536000, immutable',
      // A storefront of another host shows it.
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    // The visitor left, or the bytes are not those that were stored: the connection is cut.
    await pipeline(found.body, response).catch((err: unknown) => log.warn({ err, key }, 'a media file broke off'));
  });
  return router;
};

const noFile = (id: string, file: string): Problem =>
  new Problem({
    code: 'NOT_FOUND',
    status: 404,
    title: 'Media file not found',
    detail: `There is no file ${file.slice(0, 80)} of ${id.slice(0, 80)}. Take the address from Get media file.`,
  });
