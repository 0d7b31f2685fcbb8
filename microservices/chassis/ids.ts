import { v7 } from 'uuid';

/**
 * A new identifier: `prefix_` and a UUIDv7 (RFC 9562) without dashes. Ids made by one process sort by time of birth,
 * which keeps primary-key indexes compact.
 */
export const newId = (prefix: string): string => `${prefix}_${v7().replaceAll('-', '')}`;

/** A bare UUIDv7, for event ids. */
export const newUuid = (): string => v7();
