import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/**
 * One API of Kafka's protocol: which versions we speak, how a request reads and a response is written.
 * Field order and version boundaries follow Kafka's message definitions
 * (https://kafka.apache.org/protocol, clients/src/main/resources/common/message/*.json).
 */
export type Api<Request, Response> = {
  readonly key: number;
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly decode: (reader: Reader, version: number) => Request;
  readonly encode: (writer: Writer, response: Response, version: number) => void;
};
