import type { Caller } from '../auth/caller.ts';
import type { JourneyOrigin } from '../contract/index.ts';

const PRINTABLE = /^[^\p{Cc}]{1,200}$/u;

/**
 * The journey that sent a request, from its header `x-journey: workflow=<id>&execution=<id>&node=<name>`. Only API keys
 * are believed; a header that cannot be read says nothing.
 */
export const journeyOf = (header: string | undefined, caller: Caller): JourneyOrigin | undefined => {
  if (header === undefined || header.length > 1_500 || caller.kind !== 'key') return undefined;
  const given = new URLSearchParams(header);
  const [workflowId, executionId, node] = ['workflow', 'execution', 'node'].map((name) => given.get(name) ?? '');
  if (!PRINTABLE.test(workflowId ?? '') || !PRINTABLE.test(executionId ?? '')) return undefined;
  return {
    workflowId: workflowId ?? '',
    executionId: executionId ?? '',
    node: PRINTABLE.test(node ?? '') ? (node ?? null) : null,
  };
};
