import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const DEFLATED = 8;

/**
 * One file of a zip archive; undefined when the archive has none of that name. Reads archives below 4 GB without
 * encryption, from their central directory. Source: PKWARE APPNOTE.TXT 6.3, sections 4.3.7 to 4.3.16. Throws RangeError
 * for bytes that are no such archive.
 */
export const fileOfZip = (zip: Buffer, name: string): Buffer | undefined => {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new RangeError('These bytes are no zip archive.');
  let at = zip.readUInt32LE(end + 16);
  for (let entry = zip.readUInt16LE(end + 10); entry > 0; entry -= 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new RangeError('The directory of the zip archive is damaged.');
    const [named, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    if (zip.toString('utf8', at + 46, at + 46 + named) === name) return contentOf(zip, at);
    at += 46 + named + extra + comment;
  }
  return undefined;
};

const contentOf = (zip: Buffer, entry: number): Buffer => {
  const size = zip.readUInt32LE(entry + 20);
  const header = zip.readUInt32LE(entry + 42);
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + size);
  return zip.readUInt16LE(entry + 10) === DEFLATED ? inflateRawSync(packed) : Buffer.from(packed);
};
