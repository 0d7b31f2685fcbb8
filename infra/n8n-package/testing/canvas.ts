import {
  createRunExecutionData,
  NodeApiError,
  Workflow,
  WorkflowDataProxy,
  type ContextType,
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
  type WorkflowExecuteMode,
} from 'n8n-workflow';

import type { FileStore } from './file-store.ts';

export interface CanvasNode {
  name: string;
  type: string;
  typeVersion?: number;
  parameters?: INodeParameters;
  onError?: INode['onError'];
}

export interface CanvasOptions {
  node: (type: string) => INodeType;
  baseUrl: string;
  apiKey: string;
  timezone?: string;
  /** The credential of a node instead of base URL and API key. */
  credential?: IDataObject;
  /** Where files of items lie when not in the items. */
  files?: FileStore;
}

export interface RunOptions {
  items?: INodeExecutionData[];
  /** What the nodes before put out, when it is not `items`. */
  before?: INodeExecutionData[];
  /** The last node is a tool of the one before it, which is an agent. */
  tool?: boolean;
  mode?: WorkflowExecuteMode;
  runIndex?: number;
  /** The data of an earlier execution, as "Retry execution" hands it on. */
  execution?: Execution;
}

export interface Execution {
  id: string;
  data: IRunExecutionData;
}

/** A trigger outside this package, as n8n sees it: a node with an output and no form. */
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

const isForeign = (type: string): boolean => /trigger|webhook|langchain/i.test(type);

let executions = 0;
export const newExecution = (): Execution => ({ id: String((executions += 1)), data: createRunExecutionData({}) });

/**
 * Runs one node of a canvas with n8n's own workflow model: its defaults, its expressions, its data proxy. The nodes
 * stand in a row, the first one's items are what the last one gets. Only the HTTP request is ours; n8n-core itself runs
 * in the end-to-end tests.
 */
export const createCanvas = (options: CanvasOptions) => {
  const workflowOf = (nodes: CanvasNode[], tool: boolean): Workflow =>
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
      connections: inARow(nodes, tool),
      active: false,
      settings: { timezone: options.timezone ?? 'UTC' },
      nodeTypes: {
        getByName: (type) => typeOf(type),
        getByNameAndVersion: (type) => typeOf(type),
        getKnownTypes: () => ({}),
      },
    });
  const typeOf = (type: string): INodeType => (isForeign(type) ? start : options.node(type));

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
    {
      items = [{ json: {} }],
      before: outputs = items,
      tool = false,
      mode = 'trigger',
      runIndex = 0,
      execution = newExecution(),
    }: RunOptions,
  ) => {
    const workflow = workflowOf(nodes, tool);
    const [first, last] = [nodes.at(0), nodes.at(-1)];
    const node = workflow.getNode(last?.name ?? '');
    if (!first || !last || !node) throw new Error('A canvas needs a node');
    for (const before of nodes.slice(0, -1))
      execution.data.resultData.runData[before.name] = [
        { startTime: 0, executionTime: 0, executionIndex: 0, source: [], data: { main: [outputs] } },
      ];
    // A tool runs as part of its agent: with the agent's input, and what came before the agent.
    const previous = nodes.at(tool ? -3 : -2)?.name;
    const source = nodes.length > 1 ? { main: [{ previousNode: previous ?? '' }] } : null;
    const executeData = { data: { main: [outputs] }, node, source };
    const proxy = (item: number) =>
      new WorkflowDataProxy(
        workflow,
        execution.data,
        runIndex,
        item,
        node.name,
        tool ? outputs : items,
        {},
        mode,
        {},
        executeData,
      ).getDataProxy();
    const parameter = (
      name: string,
      item: number,
      fallback?: unknown,
      { rawExpressions = false }: { rawExpressions?: boolean } = {},
    ): unknown => {
      const value =
        name.split('.').reduce<unknown>((from, key) => (from as IDataObject | undefined)?.[key], node.parameters) ??
        fallback;
      if (value === undefined) throw new Error(`Could not get parameter ${name}`);
      if (rawExpressions) return value;
      return resolved(value, item);
    };
    const resolved = (value: unknown, item: number): unknown =>
      workflow.expression.getParameterValue(
        value as never,
        execution.data,
        runIndex,
        item,
        node.name,
        tool ? outputs : items,
        mode,
        {},
        executeData,
      );
    const context = {
      workflow,
      getMode: () => mode,
      getNode: () => node,
      getInputData: () => items,
      getNodeParameter: parameter,
      evaluateExpression: (expression: string, item: number) => resolved(`=${expression}`, item),
      getCurrentNodeParameter: (name: string) => parameter(name, 0, ''),
      getWorkflow: () => ({ id: workflow.id, name: workflow.name, active: false }),
      getWorkflowDataProxy: proxy,
      getParentNodes: (name: string) =>
        workflow
          .getParentNodes(name)
          .map((parent) => ({ name: parent, type: workflow.getNode(parent)?.type, disabled: false })),
      getExecutionId: () => execution.id,
      getContext: (kind: ContextType) => contextDataOf(execution, kind === 'flow' ? 'flow' : `node:${node.name}`),
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

  const outputs = async (nodes: CanvasNode[], run: RunOptions = {}): Promise<INodeExecutionData[][]> => {
    const { context, type } = contextOf(nodes, run);
    return ((await type.execute?.call(context as unknown as IExecuteFunctions)) ?? []) as INodeExecutionData[][];
  };

  return {
    /** The first output of the last node of the row. */
    run: async (nodes: CanvasNode[], run: RunOptions = {}): Promise<INodeExecutionData[]> =>
      (await outputs(nodes, run))[0] ?? [],
    /** All outputs of the last node of the row. */
    outputs,
    /** The result of a loader of options or of a mapper's columns. */
    load: async (node: CanvasNode, kind: 'loadOptions' | 'resourceMapping', method: string): Promise<unknown> => {
      const { context, type } = contextOf([node], {});
      const loader: ((this: ILoadOptionsFunctions) => Promise<unknown>) | undefined = type.methods?.[kind]?.[method];
      if (!loader) throw new Error(`${node.type} has no method ${method}`);
      return loader.call(context as unknown as ILoadOptionsFunctions);
    },
    /** The list of a picker of a node. */
    list: async (node: CanvasNode, method: string, filter?: string, token?: string) => {
      const { context, type } = contextOf([node], {});
      const search = type.methods?.listSearch?.[method];
      if (!search) throw new Error(`${node.type} has no search ${method}`);
      return search.call(context as unknown as ILoadOptionsFunctions, filter, token);
    },
  };
};

/** Data that lives as long as the execution and is kept with it. */
const contextDataOf = ({ data }: Execution, of: string): IDataObject => {
  if (!data.executionData) throw new Error('n8n gives every execution its data');
  return (data.executionData.contextData[of] ??= {});
};

const inARow = (nodes: CanvasNode[], tool: boolean): IConnections => {
  const row = tool ? nodes.slice(0, -1) : nodes;
  const links = row
    .slice(1)
    .map((node, index): [string, IConnections[string]] => [
      row[index]?.name ?? '',
      { main: [[{ node: node.name, type: 'main', index: 0 }]] },
    ]);
  const agent = nodes.at(-2)?.name ?? '';
  const hangsOn = { ai_tool: [[{ node: agent, type: 'ai_tool' as const, index: 0 }]] };
  return Object.fromEntries(tool ? [...links, [nodes.at(-1)?.name ?? '', hangsOn]] : links);
};
