import type { KeyValue } from '../port.ts';

export interface OpenedKeyValue {
  store: KeyValue;
  /** The same state, where the clock that gives versions is ten minutes behind. */
  behind: KeyValue;
  close: () => Promise<void>;
}

/** Fixture of the port's tests: an opened store, a space that nobody else uses, new keys in it. */
export interface Bench extends Pick<OpenedKeyValue, 'store' | 'behind'> {
  space: string;
  newKey: () => string;
}

export const BEHIND_MS = 600_000;
