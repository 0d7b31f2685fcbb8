import {
  createRunExecutionData,
  NodeApiError,
  Workflow,
  WorkflowDataProxy,
  type IConnections,
  type IDataObject,
  type IExecuteFunctions,
  type IHttpRequestOptions,
  type ILoadOptionsFunctions,
  type INode,
  type INodeExecutionData,
  type INodeParameters,
  type INodeType,
  type IRunExecutionData,
  type JsonObject,
} from 'n8n-workflow';

import type { FileStore } from './file-store.ts';

export interface CanvasNode {
  name: string;
  type: string;
  parameters?: INodeParameters;
  onError?: INode['onError'];
}

export interface CanvasOptions {
  node: (type: string) => INodeType;
  baseUrl: string;
  apiKey: string;
  timezone?: string;
  /** What a node finds as its credential instead of base URL and API key. */
  credential?: IDataObject;
  /** Where files of items lie when not in the items. */
  files?: FileStore;
}

export interface RunOptions {
  items?: INodeExecutionData[];
  runIndex?: number;
  /** The data of an earlier execution, as "Retry execution" hands it on. */
  execution?: Execution;
}

export interface Execution {
  id: string;
  data: IRunExecutionData;
}

/** What a trigger outside this package is to n8n: a node with an output and no form. */
const start = {
  description: {
    displayName: 'Start',
    name: 'start',
    group: ['trigger'],
    version: 1,
    description: '',
    defaults: {},
    inputs: [],
    outputs: ['main'],
    properties: [],
  },
} as unknown as INodeType;

const isTrigger = (type: string): boolean => /trigger|webhook/i.test(type);

let executions = 0;
export const newExecution = (): Execution => ({ id: String((executions += 1)), data: createRunExecutionData({}) });

/**
 * Runs one node of a canvas with n8n's own workflow model: its defaults, its expressions, its data proxy. The nodes stand in a row, the first one's
 * items are what the last one gets. Only the HTTP request is ours; n8n-core itself runs in the end-to-end tests.
 */
export const createCanvas = (options: CanvasOptions) => {
  const workflowOf = (nodes: CanvasNode[]): Workflow =>
    new Workflow({
      id: 'canvas',
      name: 'Canvas',
      nodes: nodes.map((node, index): INode => ({
        id: `node-${node.name}`,
        typeVersion: 1,
        position: [index * 200, 0],
        parameters: {},
        ...node,
      })),
      connections: inARow(nodes),
      active: false,
      settings: { timezone: options.timezone ?? 'UTC' },
      nodeTypes: {
        getByName: (type) => typeOf(type),
        getByNameAndVersion: (type) => typeOf(type),
        getKnownTypes: () => ({}),
      },
    });
  const typeOf = (type: string): INodeType => (isTrigger(type) ? start : options.node(type));

  const request = async (node: INode, { url, method, headers, body }: IHttpRequestOptions) => {
    try {
      const response = await fetch(url, {
        method: method ?? 'GET',
        headers: { ...(headers as Record<string, string>), authorization: `Bearer ${options.apiKey}` },
        ...(body !== undefined && { body: body as string }),
      });
      return {
        statusCode: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
    } catch (error) {
      // As n8n's client says it: a connection that was lost has this code.
      throw new NodeApiError(
        node,
        Object.assign(new Error(String(error)), { code: 'ECONNRESET' }) as unknown as JsonObject,
      );
    }
  };

  const contextOf = (
    nodes: CanvasNode[],
    { items = [{ json: {} }], runIndex = 0, execution = newExecution() }: RunOptions,
  ) => {
    const workflow = workflowOf(nodes);
    const [first, last] = [nodes.at(0), nodes.at(-1)];
    const node = workflow.getNode(last?.name ?? '');
    if (!first || !last || !node) throw new Error('A canvas needs a node');
    for (const before of nodes.slice(0, -1))
      execution.data.resultData.runData[before.name] = [
        { startTime: 0, executionTime: 0, executionIndex: 0, source: [], data: { main: [items] } },
      ];
    const source = nodes.length > 1 ? { main: [{ previousNode: nodes.at(-2)?.name ?? '' }] } : null;
    const executeData = { data: { main: [items] }, node, source };
    const proxy = (item: number) =>
      new WorkflowDataProxy(
        workflow,
        execution.data,
        runIndex,
        item,
        node.name,
        items,
        {},
        'trigger',
        {},
        executeData,
      ).getDataProxy();
    const parameter = (name: string, item: number, fallback?: unknown): unknown => {
      const value =
        name.split('.').reduce<unknown>((from, key) => (from as IDataObject | undefined)?.[key], node.parameters) ??
        fallback;
      if (value === undefined) throw new Error(`Could not get parameter ${name}`);
      return workflow.expression.getParameterValue(
        value as never,
        execution.data,
        runIndex,
        item,
        node.name,
        items,
        'trigger',
        {},
        executeData,
      );
    };
    const context = {
      getNode: () => node,
      getInputData: () => items,
      getNodeParameter: parameter,
      getCurrentNodeParameter: (name: string) => parameter(name, 0, ''),
      getWorkflow: () => ({ id: workflow.id, name: workflow.name, active: false }),
      getWorkflowDataProxy: proxy,
      getParentNodes: (name: string) =>
        workflow
          .getParentNodes(name)
          .map((parent) => ({ name: parent, type: workflow.getNode(parent)?.type, disabled: false })),
      getExecutionId: () => execution.id,
      getContext: () => flowOf(execution),
      getTimezone: () => options.timezone ?? 'UTC',
      getExecutionCancelSignal: () => undefined,
      continueOnFail: () => node.onError === 'continueRegularOutput' || node.onError === 'continueErrorOutput',
      getCredentials: async () => options.credential ?? { baseUrl: options.baseUrl, apiKey: options.apiKey },
      helpers: {
        httpRequestWithAuthentication: (_credential: string, given: IHttpRequestOptions) => request(node, given),
        assertBinaryData: (item: number, field: string) => items[item]?.binary?.[field],
        getBinaryDataBuffer: async (item: number, field: string) =>
          Buffer.from(items[item]?.binary?.[field]?.data ?? '', 'base64'),
        ...options.files,
      },
    };
    return { context, type: typeOf(node.type), last };
  };

  return {
    /** What the last node of the row puts out. */
    run: async (nodes: CanvasNode[], run: RunOptions = {}): Promise<INodeExecutionData[]> => {
      const { context, type } = contextOf(nodes, run);
      const outputs = await type.execute?.call(context as unknown as IExecuteFunctions);
      return (outputs as INodeExecutionData[][] | undefined)?.[0] ?? [];
    },
    /** What a loader of options or of a mapper's columns answers. */
    load: async (node: CanvasNode, kind: 'loadOptions' | 'resourceMapping', method: string): Promise<unknown> => {
      const { context, type } = contextOf([node], {});
      const loader: ((this: ILoadOptionsFunctions) => Promise<unknown>) | undefined = type.methods?.[kind]?.[method];
      if (!loader) throw new Error(`${node.type} has no method ${method}`);
      return loader.call(context as unknown as ILoadOptionsFunctions);
    },
    /** What a picker of a node lists. */
    list: async (node: CanvasNode, method: string, filter?: string, token?: string) => {
      const { context, type } = contextOf([node], {});
      const search = type.methods?.listSearch?.[method];
      if (!search) throw new Error(`${node.type} has no search ${method}`);
      return search.call(context as unknown as ILoadOptionsFunctions, filter, token);
    },
  };
};

/** Data that lives as long as the execution and is kept with it. */
const flowOf = ({ data }: Execution): IDataObject => {
  if (!data.executionData) throw new Error('n8n gives every execution its data');
  const flow = (data.executionData.contextData['flow'] ??= {});
  return flow;
};

const inARow = (nodes: CanvasNode[]): IConnections =>
  Object.fromEntries(
    nodes
      .slice(0, -1)
      .map((node, index) => [
        node.name,
        { main: [[{ node: nodes[index + 1]?.name ?? '', type: 'main' as const, index: 0 }]] },
      ]),
  );
