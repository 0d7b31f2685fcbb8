/** Between files of n8n's items and streams. */
import { Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Opened } from './operations.ts';
import type { Content } from './upload.ts';

export interface File extends Content {
  contentType: string;
}

/** A file of the item, piece by piece where n8n keeps it outside the item. */
export const fileOf = async (context: IExecuteFunctions, item: number, field: string): Promise<File> => {
  const binary = context.helpers.assertBinaryData(item, field);
  const contentType = binary.mimeType;
  if (binary.id) {
    const { fileSize } = await context.helpers.getBinaryMetadata(binary.id);
    return { stream: await context.helpers.getBinaryStream(binary.id), size: fileSize, contentType };
  }
  const content = Buffer.from(binary.data, 'base64');
  return { stream: Readable.from([content]), size: content.length, contentType };
};

export const textFile = (text: string): File => {
  const content = Buffer.from(text, 'utf8');
  return {
    stream: Readable.from(content.length > 0 ? [content] : []),
    size: content.length,
    contentType: 'text/plain; charset=utf-8',
  };
};

/** An object as a file of an item, piece by piece. Throws when less arrived than was announced. */
export const binaryOf = async (
  context: IExecuteFunctions,
  { stream, size, contentType }: Opened,
  fileName: string,
): Promise<IBinaryData> => {
  let arrived = 0;
  async function* counting(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      arrived += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  }
  const binary = await context.helpers.prepareBinaryData(
    Readable.from(counting(), { objectMode: false }),
    fileName,
    contentType,
  );
  if (arrived !== size) throw new Error(`socket hang up: ${arrived} of ${size} bytes arrived`);
  return binary;
};
