import { Gauge, type Registry } from 'prom-client';
import type { Logger } from './log.ts';

/** A number that a service looks up when Prometheus asks, by labels. */
export interface ServiceGauge {
  name: string;
  help: string;
  labels: readonly string[];
  /** The values now. When it throws there are none until it succeeds. */
  read: () => Promise<readonly { labels: Record<string, string>; value: number }[]>;
}

/** However often somebody asks, nothing is looked up more often. */
const FRESH_MS = 10_000;

/** Registers gauges; returns how to take them back. */
export const registerGauges = (registry: Registry, gauges: readonly ServiceGauge[], log: Logger): (() => void) => {
  for (const { name, help, labels, read } of gauges) {
    let readAt = -Infinity;
    const gauge = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect: async () => {
        if (performance.now() - readAt < FRESH_MS) return;
        readAt = performance.now();
        try {
          const values = await read();
          gauge.reset();
          for (const one of values) gauge.set(one.labels, one.value);
        } catch (err) {
          gauge.reset();
          log.debug({ err, gauge: name }, 'a gauge could not be read');
        }
      },
    });
  }
  return () => {
    for (const { name } of gauges) registry.removeSingleMetric(name);
  };
};
