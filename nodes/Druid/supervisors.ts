/**
 * The operations on supervisors. Each may be repeated, as after a lost response: the second call finds its work done.
 */
import type { IDataObject } from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { asObject, limitOf, optionOf } from '../datastore/read.ts';
import { supervisorSpec } from './supervisor-spec.ts';
import { ask } from './transport.ts';
import { chosen, type Operation, type Work } from './work.ts';

const SUPERVISORS = '/druid/indexer/v1/supervisor';
const TIMEOUT_MS = 30_000;

const pathOf = (work: Work, action = ''): string =>
  `${SUPERVISORS}/${encodeURIComponent(chosen(work, 'supervisorId', 'supervisor'))}${action}`;

const send = (work: Work, method: 'GET' | 'POST', path: string, body?: string): Promise<unknown> =>
  ask(work.context, { method, path, timeoutMs: TIMEOUT_MS, ...(body !== undefined && { body }) });

const codeOf = (error: unknown): string => (error instanceof StoreError ? error.code : '');

export const submit: Operation = async (work) => {
  const spec = supervisorSpec(work.parameter('specification'));
  return [(await send(work, 'POST', SUPERVISORS, JSON.stringify(spec))) as IDataObject];
};

export const status: Operation = async (work) => [(await send(work, 'GET', pathOf(work, '/status'))) as IDataObject];

/**
 * Asked with `state` or `full` alone, Druid says `suspended: false` of every supervisor; with `system` it says what is.
 */
export const supervisors: Operation = async (work) => {
  const withSpec = optionOf(work.parameter, 'includeSpecification') === true;
  const answer = await send(work, 'GET', `${SUPERVISORS}?system${withSpec ? '&full' : ''}`);
  return (Array.isArray(answer) ? answer : []).slice(0, limitOf(work.parameter)).map((one) => {
    // The specification as text: `spec` is the same as an object.
    const { specString: _specString, ...supervisor } = asObject(one);
    return supervisor as IDataObject;
  });
};

/** Druid refuses to suspend what is suspended, and to resume what runs. */
const order =
  (action: '/suspend' | '/resume'): Operation =>
  async (work) => {
    const answer = await send(work, 'POST', pathOf(work, action)).catch(async (error: unknown) => {
      if (codeOf(error) !== 'INVALID_INPUT') throw error;
      const spec = asObject(await send(work, 'GET', pathOf(work)));
      if (spec['suspended'] !== (action === '/suspend')) throw error;
      return spec;
    });
    return [asObject(answer) as IDataObject];
  };

export const suspend = order('/suspend');
export const resume = order('/resume');

/**
 * Druid no longer knows what it has terminated, but for the last entry of its history; a name that it never knew has
 * none.
 */
export const terminate: Operation = async (work) => {
  const answer = await send(work, 'POST', pathOf(work, '/terminate')).catch(async (error: unknown) => {
    if (codeOf(error) !== 'NOT_FOUND' || !(await wasTerminated(work))) throw error;
    return { id: chosen(work, 'supervisorId', 'supervisor') };
  });
  return [asObject(answer) as IDataObject];
};

const wasTerminated = async (work: Work): Promise<boolean> => {
  const history = await send(work, 'GET', pathOf(work, '/history')).catch(() => []);
  const newest = (Array.isArray(history) ? history : [])
    .map(asObject)
    .toSorted((left, right) => String(right['version']).localeCompare(String(left['version'])))[0];
  return asObject(newest?.['spec'])['type'] === 'noop';
};
