import { createRequire } from 'node:module';
import type { CodecRow } from './codec-case.ts';

/** kafkajs's own encoders and decoders, as a second opinion on every version both of us speak. */
type ForeignProtocol = {
  readonly versions: readonly (string | number)[];
  readonly protocol: (choice: { version: number }) => (fields: object) => {
    readonly request: { readonly encode: () => Promise<{ readonly buffer: Buffer }> };
    readonly response: { readonly decode: (body: Buffer) => Promise<object> };
  };
};

const load = createRequire(import.meta.url);
const { requests } = load('kafkajs/src/protocol/requests/index.js') as {
  readonly requests: Readonly<Record<string, ForeignProtocol>>;
};

function foreign(name: string): ForeignProtocol {
  const found = requests[name === 'FindCoordinator' ? 'GroupCoordinator' : name];
  if (found === undefined) throw new Error(`kafkajs has no ${name}`);
  return found;
}

export type VersionedRow = { readonly title: string; readonly wanted: CodecRow; readonly version: number };

/** Every case in every version that kafkajs and the broker have in common. */
export function codecRows(cases: readonly CodecRow[]): VersionedRow[] {
  return cases.flatMap((wanted) =>
    foreign(wanted.name)
      .versions.map(Number)
      .filter((version) => version >= wanted.minVersion && version <= wanted.maxVersion)
      .map((version) => ({ title: `${wanted.name} ${version}`, wanted, version })),
  );
}

/** The body of a request as kafkajs writes it. */
export async function encodeForeign({ name, fields }: CodecRow, version: number): Promise<Buffer> {
  const { request } = foreign(name).protocol({ version })(fields);
  return (await request.encode()).buffer;
}

/** The value that kafkajs reads from the body of a response. */
export function decodeForeign({ name, fields }: CodecRow, version: number, body: Buffer): Promise<object> {
  return foreign(name).protocol({ version })(fields).response.decode(body);
}
