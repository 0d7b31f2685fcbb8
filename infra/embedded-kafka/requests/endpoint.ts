import type { Api } from '../protocol/api.ts';
import type { Reader } from '../protocol/reader.ts';
import { frameOf, writerFor } from '../protocol/writer.ts';
import type { BrokerState, Call } from './broker-state.ts';

/** An API together with what the broker does for it. `answer` returns the frame to send, null for no response. */
export type Endpoint = {
  readonly key: number;
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly answer: (reader: Reader, correlationId: number, state: BrokerState, call: Call) => Promise<Buffer[] | null>;
};

export function endpoint<Request, Response>(
  api: Api<Request, Response>,
  handle: (request: Request, state: BrokerState, call: Call) => Promise<Response | null> | Response | null,
): Endpoint {
  return {
    key: api.key,
    name: api.name,
    minVersion: api.minVersion,
    maxVersion: api.maxVersion,
    async answer(reader, correlationId, state, call) {
      const response = await handle(api.decode(reader, call.version), state, call);
      if (response === null) return null;
      const writer = writerFor(correlationId);
      api.encode(writer, response, call.version);
      return frameOf(writer);
    },
  };
}
