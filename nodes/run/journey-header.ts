import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * The header by which the platform knows the journey that sent a request, for timelines: workflow, execution and node.
 */
export const journeyHeader = (context: Pick<IExecuteFunctions, 'getWorkflow' | 'getExecutionId' | 'getNode'>): string =>
  new URLSearchParams({
    workflow: context.getWorkflow().id ?? '',
    execution: context.getExecutionId(),
    node: context.getNode().name,
  }).toString();
