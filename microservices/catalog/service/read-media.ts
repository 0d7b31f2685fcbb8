import { Readable } from 'node:stream';
import { HEAD_BYTES, mediaTypeOf, type MediaType } from '../../chassis/media/kinds.ts';
import type { Failures } from '../context.ts';

type Errors = Failures<'uploadMedia'>;

export interface ReadMedia {
  type: MediaType;
  /** The whole file, its beginning included. Throws FILE_TOO_LARGE when it turns out too large. */
  body: Readable;
}

/** Reads the type of a file from its beginning. Throws UNSUPPORTED_FILE. */
export const readMedia = async (
  source: Readable,
  mostBytes: Record<MediaType['kind'], number>,
  errors: Errors,
): Promise<ReadMedia> => {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const type = mediaTypeOf(head);
  if (!type)
    throw errors.UNSUPPORTED_FILE(
      head.length === 0
        ? 'The file is empty. Send its bytes as the body of the request.'
        : 'The file is none of JPEG, PNG, WebP, AVIF, GIF, MP4, WebM, GLB and USDZ. Convert it to one of these.',
    );
  return { type, body: Readable.from(limited(head, chunks, mostBytes[type.kind], errors)) };
};

async function* limited(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  most: number,
  errors: Errors,
): AsyncGenerator<Buffer> {
  let size = 0;
  for (let chunk: Buffer | undefined = head; chunk; chunk = await following(rest)) {
    size += chunk.length;
    if (size > most)
      throw errors.FILE_TOO_LARGE(
        `The file is larger than ${Math.floor(most / 1_048_576)} MiB, the most for its kind. Send a smaller one.`,
        { most },
      );
    yield chunk;
  }
}

const following = async (chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> => {
  const next = await chunks.next();
  return next.done ? undefined : next.value;
};
