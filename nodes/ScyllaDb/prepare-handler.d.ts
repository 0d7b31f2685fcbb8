/**
 * An internal part of the driver, of the exact version that package.json pins: how it asks the server for a statement's
 * markers.
 */
declare module 'cassandra-driver/lib/prepare-handler.js' {
  import type { Client, policies } from 'cassandra-driver';

  const PrepareHandler: {
    getPrepared(
      client: Client,
      balancing: policies.loadBalancing.LoadBalancingPolicy,
      query: string,
      keyspace: string | undefined,
    ): Promise<{ meta: { columns: { name: string; type: { code: number; info?: unknown } }[] } }>;
  };
  export default PrepareHandler;
}
