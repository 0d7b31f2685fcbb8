import {
  NodeHelpers,
  type IExecuteData,
  type IRunExecutionData,
  type IWebhookFunctions,
  type IWebhookResponseData,
} from 'n8n-workflow';
import { judge } from '../GatewayTrigger/signature.ts';
import type { Kept, Outcome } from './kept.ts';

/** The parked execution. n8n gives it to every webhook that resumes one, but types do not say so. */
interface Parked {
  runExecutionData: IRunExecutionData;
  executeData: IExecuteData;
}

/**
 * Takes the outcome from the platform, once: it must be signed with the secret of this wait. n8n would pass the node
 * over and hand everything to its first output; the node is run again instead, so that it can choose.
 */
export const receiveOutcome = async (context: IWebhookFunctions): Promise<IWebhookResponseData> => {
  const { runExecutionData, executeData } = context as unknown as Parked;
  const kept = NodeHelpers.getContext(runExecutionData, 'node', context.getNode()) as Kept;
  const { headers, rawBody } = context.getRequestObject();
  const header = (name: string): string => String(headers[name] ?? '');
  const refuse = (status: number, code: string): IWebhookResponseData => {
    context.getResponseObject().status(status).json({ code });
    return { noWebhookResponse: true };
  };
  const wait = kept.fusionCommerceWait;
  const id = header('webhook-id');
  if (wait?.id !== id) return refuse(410, 'OTHER_WAIT');
  const body = Buffer.from(rawBody ?? '');
  const signed = { id, timestamp: header('webhook-timestamp'), signature: header('webhook-signature'), body };
  // Each wait has a secret of its own and is taken once: an old request cannot be played again, so clocks need not
  // agree.
  const verdict = judge(wait.secret, signed, Date.now());
  if (verdict === 'forged') return refuse(401, 'FORGED');
  const { outcome, event } = JSON.parse(body.toString()) as Outcome;
  wait.settled = { outcome, event };
  executeData.node.disabled = false;
  return { workflowData: [executeData.data['main']?.[0] ?? []] };
};
