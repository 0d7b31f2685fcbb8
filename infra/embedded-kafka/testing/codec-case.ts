import type { Api } from '../protocol/api.ts';
import type { Reader } from '../protocol/reader.ts';
import type { Writer } from '../protocol/writer.ts';

/** One API as kafkajs and we see it. */
export type CodecCase<Request, Response> = {
  readonly api: Api<Request, Response>;
  /** The request as kafkajs is given it, and as we must read it. */
  readonly fields: object;
  readonly request: (version: number) => object | null;
  /** Our response, and as kafkajs must read it. */
  readonly response: Response;
  readonly read: (version: number) => object;
};

/** A case whose types are behind it: what each version reads and writes. */
export type CodecRow = Pick<CodecCase<unknown, unknown>, 'fields' | 'request' | 'read'> & {
  readonly key: number;
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly decode: (reader: Reader, version: number) => unknown;
  readonly encode: (writer: Writer, version: number) => void;
};

export function check<Request, Response>({ api, response, ...rest }: CodecCase<Request, Response>): CodecRow {
  return {
    ...rest,
    key: api.key,
    name: api.name,
    minVersion: api.minVersion,
    maxVersion: api.maxVersion,
    decode: api.decode,
    encode: (writer, version) => api.encode(writer, response, version),
  };
}
