/** The names of fields as the editor shows them, for what the platform says about an input. Pure. */
import type { Problem } from './problem.ts';
import type { Field, Route } from './route.ts';

interface Issue {
  path: string;
  message: string;
}

const fieldsOf = (route: Route): Field[] => [...route.fields, ...(route.collection?.fields ?? [])];

/** `lines.0.sku` → "Lines → 1 → SKU"; names that the form does not show stay as the API writes them. */
export const labelOf = (route: Route, path: string): string => {
  let fields: readonly Field[] = fieldsOf(route);
  const labels = path.split('.').map((name) => {
    if (/^\d+$/.test(name)) return String(Number(name) + 1);
    const field = fields.find((one) => one.name === name);
    fields = field && 'fields' in field.shape ? field.shape.fields : [];
    return field?.label ?? name;
  });
  return labels.join(' → ');
};

/**
 * Names of the API inside a sentence, as the editor shows them: customerId becomes “Customer”. Words of plain English
 * are left alone.
 */
const withLabels = (message: string, route: Route): string => {
  const named = fieldsOf(route).filter(({ name }) => /[a-z][A-Z]/.test(name));
  return named.reduce(
    (text, { name, label }) => text.replace(new RegExp(`(?<![\\w."{$])${name}(?![\\w"}])`, 'g'), `“${label}”`),
    message,
  );
};

const isIssue = (issue: unknown): issue is Issue =>
  typeof issue === 'object' && issue !== null && 'path' in issue && 'message' in issue;

const issuesOf = ({ data }: Problem): Issue[] => {
  const issues: unknown = typeof data === 'object' && data !== null && 'issues' in data ? data.issues : undefined;
  return Array.isArray(issues) ? (issues as unknown[]).filter(isIssue) : [];
};

/** A sentence for each fault, all in one message. */
export const faultsInWords = (faults: readonly { label: string; message: string }[]): string =>
  faults.map(({ label, message }) => `${label === '' ? 'The input' : `“${label}”`}: ${sentence(message)}`).join(' ');

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

/** What the platform says about an input, with the fields named as the editor shows them. */
export const inWordsOfForm = (problem: Problem, route: Route): Problem => {
  const issues = issuesOf(problem);
  if (problem.code !== 'INVALID_INPUT' || issues.length === 0)
    return { ...problem, detail: withLabels(problem.detail, route) };
  const faults = issues.map(({ path, message }) => ({
    path,
    label: labelOf(route, path),
    message: withLabels(message, route),
  }));
  return { ...problem, title: titleOf(faults.length), detail: faultsInWords(faults), data: { issues: faults } };
};

/** "2 fields are not valid" */
export const titleOf = (count: number): string =>
  count === 1 ? 'A field is not valid' : `${count} fields are not valid`;
