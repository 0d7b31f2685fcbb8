/** The fields of the chosen events, as the list of a condition shows them. */
import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import { fieldsOf } from './event-fields.ts';
import { typesOf } from './event-form.ts';
import type { Parameters } from './filter-form.ts';

/** Asks the form for a parameter, as it stands in the editor. */
export const parametersOf =
  (context: ILoadOptionsFunctions): Parameters =>
  (name, fallback) =>
    context.getCurrentNodeParameter(name) ?? fallback;

/** A fault of the form in the words of the list. */
export const inWords = <Result>(context: ILoadOptionsFunctions, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw new NodeOperationError(context.getNode(), error as Error);
  }
};

/** The fields of the chosen event types. */
export async function searchFields(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
  const types = inWords(this, () => typesOf(parametersOf(this)));
  const words = filter?.trim().toLowerCase() ?? '';
  const results = fieldsOf(types)
    .filter(({ path }) => path.toLowerCase().includes(words))
    .map(({ path, kind }) => ({ name: `${path} · ${kind}`, value: path }));
  return { results };
}
