import { setTimeout as sleep } from 'node:timers/promises';

/** It did not happen in time; `last` is what was seen last. */
export class WaitedInVain<Value = unknown> extends Error {
  readonly last: Value;
  constructor(what: string, limitMs: number, last: Value) {
    super(`Within ${limitMs / 1_000} s it did not happen: ${what}. Last seen: ${JSON.stringify(last)}`);
    this.name = 'WaitedInVain';
    this.last = last;
  }
}

type Ask<Value> = () => Value | Promise<Value>;
type Fits<Value> = (value: Value) => boolean;

export interface Until {
  <Value>(what: string, ask: Ask<Value>, fits?: Fits<Value>): Promise<Value>;
  <Value>(ask: Ask<Value>, fits?: Fits<Value>): Promise<Value>;
}

const EVERY_MS = 20;

/**
 * Asks again and again until the value fits (without `fits`: is true), and returns it. Throws WaitedInVain after the
 * limit, with what it waited for (the condition's own text where nothing is said) and the last value. Its timers keep
 * no process alive.
 */
export const untilWithin = (limitMs: number): Until => {
  const wait = async <Value>(what: string, ask: Ask<Value>, fits: Fits<Value> = Boolean): Promise<Value> => {
    for (const end = Date.now() + limitMs; ; await sleep(EVERY_MS, undefined, { ref: false })) {
      const value = await ask();
      if (fits(value)) return value;
      if (Date.now() >= end) throw new WaitedInVain(what, limitMs, value);
    }
  };
  return <Value>(first: string | Ask<Value>, second?: Ask<Value> | Fits<Value>, third?: Fits<Value>): Promise<Value> =>
    typeof first === 'string'
      ? wait(first, second as Ask<Value>, third)
      : wait(String(second ?? first), first, second as Fits<Value> | undefined);
};

/** Waits a little less than an integration test may take, so that the message comes and not the test's own time-out. */
export const until = untilWithin(55_000);
