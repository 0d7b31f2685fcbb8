import type { EventFilter } from '../../microservices/chassis/contract/event-filter.ts';
import type { InFlightLimits } from '../../microservices/chassis/kafka/in-flight.ts';
import { textOf } from '../run/given.ts';
import { requireFields } from './event-fields.ts';
import { typesOf } from './event-form.ts';
import { topicsOf } from './event-types.ts';
import { filterOf } from './filter.ts';
import type { Parameters } from './filter-form.ts';
import type { RetryPolicy } from './retry.ts';
import type { StartPosition } from './start-position.ts';

/** The settings that a person chose in the trigger's form. */
export interface Settings {
  types: string[];
  filter: EventFilter | null;
  /** The id of the event to test with; undefined for the latest. */
  testEvent: string | undefined;
  position: StartPosition;
  retry: RetryPolicy;
  /** Events that happened longer ago are skipped; undefined where all are taken. */
  maxAgeMs: number | undefined;
  deadlineMs: number;
  limits: InFlightLimits;
  group: string | undefined;
}

interface Options {
  maxInFlight?: number;
  maxPerPartition?: number;
  attempts?: number;
  firstDelay?: number;
  maxDelay?: number;
  deadline?: number;
  maxAge?: number;
  group?: string;
}

/**
 * Measured (`npm run bench:n8n-settings`): with 50 a backlog of orders goes a quarter faster than with 25, and 100
 * bring nothing more.
 */
export const MAX_IN_FLIGHT = 50;

/** Reads the form. Throws an Error in plain words for settings that cannot work. */
export const settingsOf = (parameter: Parameters): Settings => {
  const options = parameter('options', {}) as Options;
  const types = declaredTypesOf(parameter);
  const filter = filterOf(parameter);
  requireFields(filter?.conditions ?? [], types);
  const overall = options.maxInFlight ?? MAX_IN_FLIGHT;
  const firstDelayMs = (options.firstDelay ?? 2) * 1_000;
  return {
    types,
    filter,
    testEvent: textOf(parameter('testEvent', '')) || undefined,
    position: positionOf(parameter),
    retry: {
      attempts: attemptsOf(parameter, options),
      firstDelayMs,
      maxDelayMs: Math.max(firstDelayMs, (options.maxDelay ?? 60) * 1_000),
    },
    maxAgeMs: maxAgeOf(options),
    deadlineMs: (options.deadline ?? 3_600) * 1_000,
    limits: { overall, perPartition: options.maxPerPartition ?? overall, held: Math.max(400, overall * 8) },
    group: options.group?.trim() || undefined,
  };
};

/** How often a journey is tried in total: once where its failures are left to people. */
export const attemptsOf = (parameter: Parameters, { attempts = 5 }: { attempts?: number }): number =>
  parameter('afterFailure', 'again') === 'leave' ? 1 : attempts;

/** The age from which on events are skipped, in milliseconds; undefined where none is given. */
export const maxAgeOf = ({ maxAge = 0 }: { maxAge?: number }): number | undefined =>
  maxAge > 0 ? maxAge * 60_000 : undefined;

/** The chosen types. A type that nothing declares is refused here, because no topic would ever carry it. */
const declaredTypesOf = (parameter: Parameters): string[] => {
  const types = typesOf(parameter);
  topicsOf(types);
  return types;
};

const positionOf = (parameter: Parameters): StartPosition => {
  const at = parameter('startPosition', 'committed');
  if (at === 'latest' || at === 'earliest') return { at };
  if (at !== 'timestamp') return { at: 'committed' };
  const given = String(parameter('startTimestamp', ''));
  const timestamp = Date.parse(given);
  if (Number.isNaN(timestamp)) {
    throw new Error(`The start time "${given}" is not a time. Pick one, for example 2026-11-23T10:00:00Z.`);
  }
  return { at, timestamp };
};
