import { decodeForeign, codecRows, encodeForeign } from '../testing/kafkajs-protocol.ts';
import { endpoints } from '../requests/endpoints.ts';
import { groupCases } from '../testing/codec-cases-groups.ts';
import { topicCases } from '../testing/codec-cases-topics.ts';
import { readerOf } from './reader.ts';
import { frameOf, writerFor } from './writer.ts';

const cases = [...topicCases, ...groupCases];
const rows = codecRows(cases);

describe('what we read and write is what kafkajs writes and reads', () => {
  test.each(rows)('$title request', async ({ wanted, version }) => {
    const buffer = await encodeForeign(wanted, version);
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
    expect(await decodeForeign(wanted, version, frame.subarray(8))).toMatchObject(wanted.read(version));
  });
});

test('every API of the broker is in the table or tested against a client', () => {
  const elsewhere = ['Produce', 'IncrementalAlterConfigs'];
  const covered = [...cases.map(({ name }) => name), ...elsewhere];
  expect(endpoints.map(({ name }) => name).sort()).toEqual(covered.sort());
});
