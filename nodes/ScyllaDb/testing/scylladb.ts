import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { loadPackage, type TestedPackage } from '../../../infra/n8n-package/testing/built-package.ts';
import { createCanvas, type CanvasNode, type RunOptions } from '../../../infra/n8n-package/testing/canvas.ts';
import { startCqlStore, type Store } from '../../../infra/n8n-package/testing/stores.ts';

const TYPE = 'n8n-nodes-fusioncommerce.scyllaDb';

/** A node of the built package on a canvas, and a keyspace of its own to work in. */
export interface ScyllaDbBench {
  keyspace: string;
  store: Store;
  built: TestedPackage;
  canvas: (credential?: IDataObject) => ReturnType<typeof createCanvas>;
  run: (node: CanvasNode, options?: RunOptions) => Promise<IDataObject[]>;
  /** Execute Query with its values as JSON. */
  query: (text: string, ...values: unknown[]) => Promise<IDataObject[]>;
  /** An operation on a table of the keyspace. */
  on: (place: string, table: string, parameters: IDataObject) => Promise<IDataObject[]>;
  put: (table: string, columns: IDataObject, options?: IDataObject) => Promise<IDataObject[]>;
  get: (table: string, key: IDataObject, options?: IDataObject) => Promise<IDataObject[]>;
  stop: () => Promise<void>;
}

/** A ScyllaDB node as a workflow holds it; `place` is its resource and operation, "row.get". */
export const scyllaDbNode = (place: string, parameters: IDataObject = {}): CanvasNode => {
  const [resource = '', operation = ''] = place.split('.');
  const given = { resource, operation, ...parameters };
  // These tests give values as forms hold them.
  return { name: 'ScyllaDB', type: TYPE, parameters: given };
};
export const start: CanvasNode = { name: 'Start', type: 'n8n-nodes-base.manualTrigger' };
export const named = (value: string): IDataObject => ({ __rl: true, mode: 'name', value });
export const mapped = (value: IDataObject): IDataObject => ({
  mappingMode: 'defineBelow',
  value,
  schema: [],
  matchingColumns: [],
});
export const items = (...rows: IDataObject[]): RunOptions => ({ items: rows.map((json) => ({ json })) });

/**
 * Builds the package, takes a Cassandra (unless told which) and makes tables in a new keyspace. Call `stop` in
 * afterAll.
 */
export const startScyllaDbBench = async (definitions: string[], given?: Store): Promise<ScyllaDbBench> => {
  const keyspace = `test_${randomUUID().replaceAll('-', '')}`;
  const [store, built] = [given ?? (await startCqlStore()), await loadPackage()];
  const canvas = (credential: IDataObject = {}) =>
    createCanvas({
      node: () => built.node(TYPE),
      baseUrl: '',
      apiKey: '',
      timezone: 'Europe/Berlin',
      credential: { ...store.credential, keyspace, ...credential },
    });
  const run = async (node: CanvasNode, options?: RunOptions): Promise<IDataObject[]> =>
    (await canvas().run([start, node], options)).map(({ json }) => json);
  const query = (text: string, ...values: unknown[]): Promise<IDataObject[]> =>
    run(
      scyllaDbNode('query.execute', {
        query: text,
        parametersInput: 'json',
        parametersJson: JSON.stringify(values),
      }),
    );
  const on = (place: string, table: string, parameters: IDataObject): Promise<IDataObject[]> =>
    run(scyllaDbNode(place, { table: named(table), ...parameters }));
  const create = `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`;
  await canvas({ keyspace: '' }).run([start, scyllaDbNode('query.execute', { query: create })]);
  for (const definition of definitions) await query(definition);
  return {
    keyspace,
    store,
    built,
    canvas,
    run,
    query,
    on,
    put: (table, columns, options = {}) => on('row.put', table, { columns: mapped(columns), options }),
    get: (table, key, options = {}) => on('row.get', table, { key: mapped(key), options }),
    stop: async () => {
      await query(`DROP KEYSPACE IF EXISTS ${keyspace}`);
      await store.stop();
    },
  };
};
