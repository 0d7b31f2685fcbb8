import { createRequire } from 'node:module';
import { endpoints } from '../requests/endpoints.ts';
import { groupCases } from '../testing/codec-cases-groups.ts';
import { topicCases } from '../testing/codec-cases-topics.ts';
import { readerOf } from './reader.ts';
import { frameOf, writerFor } from './writer.ts';

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

const cases = [...topicCases, ...groupCases];
const rows = cases.flatMap((wanted) =>
  foreign(wanted.name)
    .versions.map(Number)
    .filter((version) => version >= wanted.minVersion && version <= wanted.maxVersion)
    .map((version) => ({ title: `${wanted.name} ${version}`, wanted, version })),
);

describe('what we read and write is what kafkajs writes and reads', () => {
  test.each(rows)('$title request', async ({ wanted, version }) => {
    const { request } = foreign(wanted.name).protocol({ version })(wanted.fields);
    const { buffer } = await request.encode();
    const reader = readerOf(buffer);
    const decoded = wanted.decode(reader, version);
    const expected = wanted.request(version);
    if (expected === null) expect(decoded).toBeNull();
    else expect(decoded).toMatchObject(expected);
    const unread = wanted.name === 'Fetch' && version >= 7; // forgotten topics and rack follow what concerns us
    if (!unread) expect(reader.position).toBe(buffer.length);
  });

  test.each(rows)('$title response', async ({ wanted, version }) => {
    const writer = writerFor(1);
    wanted.encode(writer, version);
    const frame = Buffer.concat(frameOf(writer));
    const { response } = foreign(wanted.name).protocol({ version })(wanted.fields);
    expect(await response.decode(frame.subarray(8))).toMatchObject(wanted.read(version));
  });
});

test('every API of the broker is in the table or tested against a client', () => {
  const elsewhere = ['Produce', 'IncrementalAlterConfigs'];
  const covered = [...cases.map(({ name }) => name), ...elsewhere];
  expect(endpoints.map(({ name }) => name).sort()).toEqual(covered.sort());
});
