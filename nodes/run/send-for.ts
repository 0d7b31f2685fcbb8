/** Requests that belong to a journey, and rehearsals. */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Cause } from './cause.ts';
import { journeyHeader } from './journey-header.ts';
import { notRehearsed } from './problem.ts';
import { isRehearsal, send, type Answer, type Request } from './transport.ts';

interface Kind {
  /** True for what changes something. */
  command: boolean;
}

/**
 * The headers that say what caused a request, which journey changes something, and that it is a rehearsal where the
 * credential asks for one.
 */
export const causeHeaders = async (
  context: IExecuteFunctions,
  { correlationId, traceparent }: Cause,
  { command }: Kind,
): Promise<Record<string, string>> => ({
  ...((await isRehearsal(context)) && { rehearsal: 'true' }),
  ...(correlationId && { 'x-correlation-id': correlationId }),
  ...(traceparent && { traceparent }),
  ...(command && { 'x-journey': journeyHeader(context) }),
});

/** Sends a request with such headers. A rehearsal that the platform did not take as one is a failure. */
export const sendFor = async (context: IExecuteFunctions, { command }: Kind, request: Request): Promise<Answer> => {
  const answer = await send(context, request);
  const isReal = answer.ok && command && request.headers?.['rehearsal'] === 'true' && !answer.rehearsed;
  return isReal ? { ok: false, problem: notRehearsed } : answer;
};
