/** A value that Druid's SQL takes for a `?`. */
export interface Parameter {
  type: 'VARCHAR' | 'BIGINT';
  value: string | number;
}

/** Asks the router's SQL endpoint; returns the rows. Throws Druid's own words when it refuses. */
export const druidRows = async (
  url: string,
  query: string,
  parameters: readonly Parameter[] = [],
): Promise<Record<string, unknown>[]> => {
  const response = await fetch(`${url}/druid/v2/sql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // COUNT(DISTINCT …) is an estimate otherwise.
    body: JSON.stringify({
      query,
      parameters,
      resultFormat: 'object',
      context: { useApproximateCountDistinct: false },
    }),
  });
  if (!response.ok) throw new Error(`Druid refused ${query}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>[];
};

/**
 * A supervisor that keeps reading the platform's events from a topic: data as columns by their own types, headers with
 * the prefix `kafka.header.`.
 */
export const eventSupervisor = (dataSource: string, topic: string, brokers: string) => ({
  type: 'kafka',
  spec: {
    dataSchema: {
      dataSource,
      timestampSpec: { column: 'kafka.header.ce_time', format: 'iso' },
      dimensionsSpec: { useSchemaDiscovery: true },
      granularitySpec: { segmentGranularity: 'day', queryGranularity: 'none', rollup: false },
    },
    ioConfig: {
      topic,
      // Without a format for headers, they are left out.
      inputFormat: { type: 'kafka', headerFormat: { type: 'string' }, valueFormat: { type: 'json' } },
      consumerProperties: { 'bootstrap.servers': brokers },
      useEarliestOffset: true,
      taskCount: 1,
      taskDuration: 'PT10M',
      startDelay: 'PT1S',
      period: 'PT2S',
    },
    tuningConfig: { type: 'kafka', maxRowsInMemory: 10_000 },
  },
});

/** Hands a supervisor to the overlord. Throws Druid's own words when it refuses. */
export const submitSupervisor = async (url: string, supervisor: object): Promise<void> => {
  const response = await fetch(`${url}/druid/indexer/v1/supervisor`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(supervisor),
  });
  if (!response.ok) throw new Error(`Druid refused the supervisor: ${await response.text()}`);
};
