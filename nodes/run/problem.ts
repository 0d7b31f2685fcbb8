/** From what the platform answered to what an analyst reads, and what a workflow's error branch can decide on. */
import { NodeApiError, type IDataObject, type INode, type JsonObject } from 'n8n-workflow';
import { faultsInWords, titleOf } from './labels.ts';
import type { FormProblem } from './read-field.ts';

/** RFC 9457 problem details, as every service of the platform answers them. */
export interface Problem {
  code: string;
  status: number;
  title: string;
  detail: string;
  data?: unknown;
}

/** Reads a failed answer; what is no problem document (a proxy's page) becomes one. */
export const problemOf = (status: number, body: unknown): Problem => {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  if (typeof given.code === 'string') {
    return {
      code: given.code,
      status,
      title: given.title ?? given.code,
      detail: given.detail ?? given.title ?? given.code,
      ...(given.data !== undefined && { data: given.data }),
    };
  }
  return {
    code: 'NOT_FUSIONCOMMERCE',
    status,
    title: 'Not an answer of FusionCommerce',
    detail: `The server answered with status ${status} and no problem document. Something other than FusionCommerce may listen at the Base URL.`,
  };
};

/** A request that got no answer at all. */
export const unreachable = (baseUrl: string, reason: string): Problem => ({
  code: 'UNREACHABLE',
  status: 0,
  title: 'FusionCommerce cannot be reached',
  detail: `FusionCommerce cannot be reached at ${baseUrl}: ${reason}`,
});

/** All fields of a form that cannot be read, in one problem. */
export const invalidForm = (problems: readonly FormProblem[]): Problem => ({
  code: 'INVALID_INPUT',
  status: 400,
  title: titleOf(problems.length),
  detail: faultsInWords(problems),
  data: { issues: problems },
});

/** A key of the analyst's own that another request has used before, in words that say why. */
export const keyTaken = (problem: Problem, key: string): Problem =>
  problem.code === 'IDEMPOTENCY_KEY_REUSED'
    ? {
        ...problem,
        title: 'Idempotency key used before',
        detail: `The Idempotency Key “${key}” of this node's options was used before, for another request. A key of your own counts for all events and executions, so a fixed text works for one request only.`,
      }
    : problem;

/** A platform from before rehearsals takes the request for a real one. */
export const notRehearsed: Problem = {
  code: 'NOT_REHEARSED',
  status: 0,
  title: 'Not a rehearsal',
  detail:
    'The credential asks for a rehearsal, but this platform does not know rehearsals: it has acted for real. Update the platform before you go on.',
};

/** Statuses that say nothing about the order or customer: the form, the key, the moment. */
const MAY_CHANGE = [400, 401, 403, 408, 425, 429];
const OF_THE_REQUEST = ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_FLIGHT', 'NOT_FUSIONCOMMERCE'];

/** True for a refusal that would come again however often it is tried, such as an order that was cancelled before. */
export const isFinal = ({ status, code }: Problem): boolean =>
  status >= 400 && status < 500 && !MAY_CHANGE.includes(status) && !OF_THE_REQUEST.includes(code);

const inData = (problem: Problem, name: string): unknown =>
  typeof problem.data === 'object' && problem.data !== null
    ? (problem.data as Record<string, unknown>)[name]
    : undefined;

/** The advice for a failure: by code where it has its own, otherwise by status. */
export const advice = (problem: Problem): string => {
  const allowed = inData(problem, 'allowed');
  const scope = inData(problem, 'scope');
  if (problem.code === 'IDEMPOTENCY_KEY_REUSED')
    return 'With a key of your own under Options → Idempotency Key, put something of the event into it, such as {{ $json.id }}, or remove it: the node makes its own. In a sub-workflow, this node already sent other values for the same event: give each call a key of its own there.';
  if (problem.code === 'UNREACHABLE')
    return 'Check that the platform runs and that the credential’s Base URL is right. Repeating the execution is safe: it never acts twice.';
  if (problem.status === 401) return 'Check the API key in the FusionCommerce API credential.';
  if (problem.status === 403 && typeof scope === 'string')
    return `Use an API key with the scope ${scope} in the FusionCommerce API credential.`;
  if (Array.isArray(allowed)) return `Possible in this state: ${allowed.join(', ') || 'nothing'}.`;
  if (problem.status === 400) return 'Correct what is named and run it again.';
  if (problem.status === 404)
    return 'Check the ID: it may belong to something else, or come from another step than you meant.';
  if (problem.status === 429) return 'The platform asks for a pause. Let the node retry later, or send less at once.';
  if (problem.status >= 500) return 'The platform had a fault. Repeating the execution is safe: it never acts twice.';
  return `To handle this in the workflow, set On Error to “Continue (using error output)” and look at {{ $json.error.code }}: it is ${problem.code}.`;
};

/** The error that stops a node, with the problem's code where an error workflow finds it (`execution.error.code`). */
export const nodeError = (node: INode, problem: Problem, item: number): NodeApiError => {
  const error = new NodeApiError(
    node,
    { ...problem, data: problem.data as JsonObject },
    {
      message: problem.detail,
      description: `${problem.title} (${problem.code}). ${advice(problem)}`,
      httpCode: String(problem.status),
      itemIndex: item,
      level: problem.status >= 500 || problem.status === 0 ? 'error' : 'warning',
    },
  );
  return Object.assign(error, { code: problem.code });
};

/**
 * What an item carries after "Continue". n8n sends an item to the error output when `error` is all it holds, and
 * replaces everything when the item itself has an error: so the problem lies whole under `error`, and a branch reads {{
 * $json.error.code }}.
 */
export const failedItem = (problem: Problem): IDataObject => ({
  error: {
    message: problem.detail,
    code: problem.code,
    status: problem.status,
    title: problem.title,
    next: advice(problem),
    ...(problem.data !== undefined && { data: problem.data as IDataObject }),
  },
});
