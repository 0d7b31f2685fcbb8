/**
 * The keys under which the items of a node may be repeated. Why they are made like this: nodes/README.md, "What makes a
 * step the same".
 */
import { createHash } from 'node:crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Cause } from './cause.ts';

/** One item's request to change something. */
export interface Step {
  cause: Cause;
  operation: string;
  /** The values that name what it acts on. */
  subject: unknown;
  /** Everything that it sends. */
  content: unknown;
}

type Headers = Record<string, string>;

/** By subject: what the items of earlier passes and of this one send. */
type Contents = Record<string, string[]>;

/** As many contents as fit into a header. Of more items with one subject, each is known by its count alone. */
const MOST_BESIDE = 500;

/**
 * The headers that make each item's request repeatable, for all items of a pass at once. An item is known by its
 * subject, so that it may move and others may come and go; items with one subject are told apart by what they send.
 * `undefined` stands for an item that changes nothing.
 */
export const stepHeaders = (context: IExecuteFunctions, run: number, steps: (Step | undefined)[]): Headers[] => {
  const { id: workflow = '' } = context.getWorkflow();
  const place = [workflow, context.getNode().id];
  const all = contentsBefore(context, run);
  // An execution that began under an older version knows nothing of its earlier passes: there, each pass is a step of
  // its own.
  const pass = run > 0 && Object.keys(passesOf(context)).length === 0 ? [run] : [];
  const known = new Map(Object.entries(all).map(([subject, contents]) => [subject, new Set(contents)]));
  const now: Contents = {};
  const marked = steps.map((step) => {
    if (!step) return undefined;
    const subject = hash([step.cause.id, ...place, ...pass, step.operation, step.subject]);
    const contents = (all[subject] ??= []);
    const content = unlike(known.get(subject), step.content);
    known.set(subject, (known.get(subject) ?? new Set()).add(content));
    const count = contents.push(content);
    (now[subject] ??= []).push(content);
    return { called: step.cause.called, subject, content, count };
  });
  keepContents(context, run, now);
  return marked.map((mark): Headers => {
    if (!mark) return {};
    const { called, subject, content, count } = mark;
    const contents = all[subject] ?? [];
    const counted = count === 1 ? subject : hash([subject, count]);
    if (called) return { 'idempotency-key': counted };
    if (contents.length > MOST_BESIDE)
      return { 'idempotency-key': hash([subject, count]), 'idempotency-scope': 'step 1' };
    const beside = contents.filter((other) => other !== content);
    return { 'idempotency-key': subject, 'idempotency-scope': ['step', content, ...beside].join(' ') };
  });
};

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/** What an item sends, as a short hash; the second of two equal items is counted into it. */
const unlike = (others: ReadonlySet<string> | undefined, content: unknown): string => {
  for (let equal = 0; ; equal += 1) {
    const short = hash([content, equal]).slice(0, 8);
    if (!others?.has(short)) return short;
  }
};

const KEPT = 'fusionCommerceSteps';

/** A node in a loop, and a tool, runs in several passes of one execution. */
const passesOf = (context: IExecuteFunctions): Record<string, Contents> => {
  const kept: IDataObject = context.getContext('node');
  return (kept[KEPT] ??= {}) as unknown as Record<string, Contents>;
};

const contentsBefore = (context: IExecuteFunctions, run: number): Contents => {
  const before: Contents = {};
  for (const [pass, contents] of Object.entries(passesOf(context))) {
    if (Number(pass) >= run) continue;
    for (const [subject, sent] of Object.entries(contents)) before[subject] = [...(before[subject] ?? []), ...sent];
  }
  return before;
};

const keepContents = (context: IExecuteFunctions, run: number, contents: Contents): void => {
  passesOf(context)[run] = contents;
};

/**
 * A pass that stopped is run again, by n8n under the same number or by an agent under the next: its items are the same
 * then.
 */
export const forgetPass = (context: IExecuteFunctions, run: number): void => {
  passesOf(context)[run] = {};
};
