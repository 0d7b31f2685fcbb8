import { createHash } from 'node:crypto';

/**
 * The key of one event in one workflow, as a UUID (RFC 9562, version 8): the same in every attempt, replay and retry,
 * for whatever has to happen once. A supplier's API takes it as its idempotency key.
 */
export const onceKeyOf = (workflowId: string, eventId: string): string => {
  const bytes = createHash('sha256').update(`once\0${workflowId}\0${eventId}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
