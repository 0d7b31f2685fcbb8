/** A kind of file that shops and people upload: what it is called, and the ending of its name. */
export interface MediaType {
  kind: 'image' | 'video' | 'model';
  contentType: string;
  ending: string;
}

/** How many of the first bytes tell the type. */
export const HEAD_BYTES = 128;

const ascii = (head: Buffer, from: number, to: number): string => head.toString('latin1', from, to);

const IMAGES: readonly [(head: Buffer) => boolean, string, string][] = [
  [(head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff, 'image/jpeg', 'jpg'],
  [(head) => ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n', 'image/png', 'png'],
  [(head) => ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP', 'image/webp', 'webp'],
  [(head) => ['GIF87a', 'GIF89a'].includes(ascii(head, 0, 6)), 'image/gif', 'gif'],
  [(head) => ascii(head, 4, 8) === 'ftyp' && ['avif', 'avis'].includes(ascii(head, 8, 12)), 'image/avif', 'avif'],
];

const VIDEO_BRANDS = new Set(['isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'M4V ', 'dash']);

const OTHERS: readonly [(head: Buffer) => boolean, MediaType][] = [
  [
    (head) => ascii(head, 4, 8) === 'ftyp' && VIDEO_BRANDS.has(ascii(head, 8, 12)),
    { kind: 'video', contentType: 'video/mp4', ending: 'mp4' },
  ],
  [
    (head) => ascii(head, 0, 4) === '\x1aE\xdf\xa3' && ascii(head, 0, 64).includes('webm'),
    { kind: 'video', contentType: 'video/webm', ending: 'webm' },
  ],
  [
    (head) => ascii(head, 0, 4) === 'glTF' && head.readUInt32LE(4) === 2,
    { kind: 'model', contentType: 'model/gltf-binary', ending: 'glb' },
  ],
  // USDZ is a ZIP archive without compression whose first file is the scene.
  [
    (head) => ascii(head, 0, 4) === 'PK\x03\x04' && head.readUInt16LE(8) === 0 && USD_NAME.test(firstName(head)),
    { kind: 'model', contentType: 'model/vnd.usdz+zip', ending: 'usdz' },
  ],
];

const USD_NAME = /\.usd[acz]?$/i;
const firstName = (head: Buffer): string => ascii(head, 30, Math.min(30 + head.readUInt16LE(26), head.length));

/**
 * The type of a file by its first bytes, whatever its name or header says; undefined for what is not taken. SVG is not:
 * it can hold scripts.
 */
export const mediaTypeOf = (start: Buffer): MediaType | undefined => {
  const head = Buffer.alloc(HEAD_BYTES);
  start.copy(head);
  const image = IMAGES.find(([fits]) => fits(head));
  if (image) return { kind: 'image', contentType: image[1], ending: image[2] };
  return OTHERS.find(([fits]) => fits(head))?.[1];
};
