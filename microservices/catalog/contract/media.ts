import { z } from 'zod';
import { expectedVersion, id, operation, page, pageQuery } from '../../chassis/contract/index.ts';
import { read, write } from './access.ts';
import { failures, notFound } from './failures.ts';
import { focalPoint, media, mediaKind } from './media-values.ts';
import { localizedChanges } from './values.ts';

const NOT_FOUND = notFound('Media file');
const mediaId = id('med');

/** Pictures, videos and 3-D models of products. */
export const mediaOperations = {
  uploadMedia: operation({
    method: 'POST',
    path: '/catalog/media',
    title: 'Upload media file',
    description:
      'Stores a picture (JPEG, PNG, WebP, AVIF, GIF), a video (MP4, WebM) or a 3-D model (GLB, USDZ) for products and variants. The type is read from the file. Pictures get renditions in several widths and as a square, without their metadata.',
    access: write,
    input: z.object({}),
    output: media,
    errors: {
      UNSUPPORTED_FILE: { status: 422, title: 'File type not supported' },
      UNREADABLE_IMAGE: { status: 422, title: 'Unreadable picture' },
      FILE_TOO_LARGE: { status: 413, title: 'File too large', data: z.object({ most: z.int() }) },
    },
    stream: 'application/octet-stream',
    successStatus: 201,
  }),
  updateMedia: operation({
    method: 'PATCH',
    path: '/catalog/media/{mediaId}',
    title: 'Update media file',
    description: 'Changes the description, the focal point or the poster. A new focal point crops the square anew.',
    access: write,
    input: z.object({
      mediaId,
      expectedVersion,
      alt: localizedChanges(300).nullable().optional().describe('Description for people who cannot see it'),
      focalPoint: focalPoint.nullable().optional(),
      posterId: mediaId.nullable().optional().describe('Picture that stands for a video or a model'),
    }),
    output: media,
    errors: {
      NOT_FOUND,
      VERSION_CONFLICT: failures.VERSION_CONFLICT,
      NOT_FOR_THIS_KIND: { status: 422, title: 'Not for this kind of file' },
      UNKNOWN_POSTER: { status: 422, title: 'Poster not found' },
    },
  }),
  deleteMedia: operation({
    method: 'DELETE',
    path: '/catalog/media/{mediaId}',
    title: 'Delete media file',
    description: 'Deletes a file that no product, variant or other file uses. Its addresses stop to work within hours.',
    access: write,
    input: z.object({ mediaId }),
    output: z.object({ mediaId }),
    errors: { NOT_FOUND, STILL_NEEDED: failures.STILL_NEEDED },
  }),
  getMedia: operation({
    method: 'GET',
    path: '/catalog/media/{mediaId}',
    title: 'Get media file',
    description: 'One media file with the addresses of its renditions.',
    access: { ...read, public: true },
    input: z.object({ mediaId }),
    output: media,
    errors: { NOT_FOUND },
  }),
  listMedia: operation({
    method: 'GET',
    path: '/catalog/media',
    title: 'List media files',
    description: 'Media files, newest first.',
    access: read,
    input: z.object({ ...pageQuery, kind: mediaKind.optional() }),
    output: page(media),
  }),
};
