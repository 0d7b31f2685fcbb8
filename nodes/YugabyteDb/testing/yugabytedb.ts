import type { IDataObject, INodeParameters } from 'n8n-workflow';
import pg from 'pg';
import { freshDatabase } from '../../../infra/test/platform.ts';
import { loadPackage } from '../../../infra/n8n-package/testing/built-package.ts';
import { createCanvas, type CanvasNode } from '../../../infra/n8n-package/testing/canvas.ts';

const TYPE = 'n8n-nodes-fusioncommerce.yugabyteDb';

/** The built YugabyteDB node on a database of its own. */
export interface YugabyteDbBench {
  credential: IDataObject;
  /** The database, past the node. */
  sql: <Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  /** Runs the node; `on` changes the credential or what happens on an error. */
  run: (place: string, parameters?: IDataObject, items?: IDataObject[], on?: On) => Promise<IDataObject[]>;
  /** The same, with the items that came out whole. */
  canvas: (on?: On) => ReturnType<typeof createCanvas>;
  node: (place: string, parameters?: IDataObject, on?: On) => CanvasNode;
  /** The code and the words of the error with which the node stops. */
  refused: (place: string, parameters?: IDataObject, items?: IDataObject[], on?: On) => Promise<string>;
  test: (credential?: IDataObject) => Promise<{ status: string; message: string }>;
  stop: () => Promise<void>;
}

interface On {
  credential?: IDataObject;
  onError?: CanvasNode['onError'];
}

/** Loads the built node and takes a fresh database, or the one of a URL. Call `stop` in afterAll. */
export const startYugabyteDbBench = async (given?: string): Promise<YugabyteDbBench> => {
  const built = await loadPackage();
  const url = new URL(given ?? (await freshDatabase()));
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  const credential = {
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ssl: false,
  };
  const canvas = (on: On = {}) =>
    createCanvas({
      node: (type) => built.node(type),
      baseUrl: '',
      apiKey: '',
      timezone: 'Europe/Berlin',
      credential: { ...credential, ...on.credential },
    });
  const node = (place: string, parameters: IDataObject = {}, { onError }: On = {}): CanvasNode => {
    const [resource = '', operation = ''] = place.split('.');
    const given = { resource, operation, ...parameters } as INodeParameters;
    return { name: 'YugabyteDB', type: TYPE, parameters: given, ...(onError && { onError }) };
  };
  const run: YugabyteDbBench['run'] = async (place, parameters, items = [{}], on = {}) =>
    (await canvas(on).run([node(place, parameters, on)], { items: items.map((json) => ({ json })) })).map(
      ({ json }) => json,
    );
  return {
    credential,
    canvas,
    node,
    run,
    sql: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await pool.query<Row>(text, values)).rows,
    refused: (place, parameters, items, on) =>
      run(place, parameters, items, on).then(
        () => 'it was not refused',
        (error: unknown) => {
          const { code, message, description } = error as { code: string; message: string; description: string };
          return `${code}: ${message} ${description}`;
        },
      ),
    test: async (change = {}) => {
      const test = built.node(TYPE).methods?.credentialTest?.['yugabyteDbTest'];
      const data = { ...credential, ...change };
      if (!test) throw new Error('The node tests no credential');
      return test.call({} as never, { id: '1', name: 'YugabyteDB', type: 'yugabyteDb', data: data as never });
    },
    stop: () => pool.end(),
  };
};

/** A table chosen by its name. */
export const onTable = (name: string, parameters: IDataObject = {}, schema = 'public'): IDataObject => ({
  schema: { __rl: true, mode: 'name', value: schema },
  table: { __rl: true, mode: 'name', value: name },
  ...parameters,
});

/** Columns that are mapped by hand. */
export const mapped = (value: IDataObject, ...matchingColumns: string[]): IDataObject => ({
  columns: { mappingMode: 'defineBelow', value, matchingColumns, schema: [] },
});

/** Columns that are taken from the items. */
export const automatic = (...matchingColumns: string[]): IDataObject => ({
  columns: { mappingMode: 'autoMapInputData', value: null, matchingColumns, schema: [] },
});

/** Conditions, each as column, comparison and value. */
export const where = (...rows: [column: string, operator: string, value?: unknown][]): IDataObject => ({
  conditions: { condition: rows.map(([column, operator, value]) => ({ column, operator, value })) as IDataObject[] },
});

/** A statement of the analyst's own with a list of values. */
export const query = (text: string, values: unknown = [], options: IDataObject = {}): IDataObject => ({
  query: text,
  parametersInput: 'json',
  parametersJson: values as never,
  options,
});
