import type { Outcome } from './journey.ts';

interface RunningJourney {
  outcome: Promise<Outcome>;
  /** Under which number of its event n8n knows it. */
  number: number;
}

const KEPT_MS = 10 * 60_000;

/**
 * The executions that run in this process, by trigger and event. A trigger that is switched off and on, or loses a
 * partition and gets it back, meets the same events again while their executions still run: it waits for those instead
 * of starting them a second time.
 */
const running = new Map<string, RunningJourney>();

const nameOf = (trigger: string, eventId: string): string => `${trigger} ${eventId}`;

/** The execution of an event that already runs here, or the one that `begin` starts. */
export const joinOrBegin = (
  trigger: string,
  eventId: string,
  number: number,
  begin: () => Promise<Outcome>,
): RunningJourney => {
  const known = running.get(nameOf(trigger, eventId));
  if (known) return known;
  const journey = { outcome: begin(), number };
  running.set(nameOf(trigger, eventId), journey);
  return journey;
};

/** Its outcome was acted upon: forget it. */
export const settleJourney = (trigger: string, eventId: string): void => {
  running.delete(nameOf(trigger, eventId));
};

/** Its outcome came when nobody was left to commit it: keep it a while for a trigger that meets the event again. */
export const leaveJourney = (trigger: string, eventId: string): void => {
  const name = nameOf(trigger, eventId);
  const left = running.get(name);
  setTimeout(() => {
    if (running.get(name) === left) running.delete(name);
  }, KEPT_MS).unref();
};
