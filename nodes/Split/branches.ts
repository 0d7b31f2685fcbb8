export const HOLD_OUT = 'Hold-Out';

/** A row of the form. */
interface Branch {
  name: string;
  percent: number;
}

/** The branches of the form, without the hold-out. */
export const branchesOf = (parameter: (name: string) => unknown): Branch[] => {
  const { branch = [] } = (parameter('branches') ?? {}) as { branch?: Partial<Branch>[] };
  return branch.map(({ name = '', percent = 0 }) => ({ name: name.trim(), percent }));
};

/** One output for each branch, and the hold-out. n8n evaluates it in the editor, so it stands on its own. */
export const outputsOf =
  `={{ [...(($parameter.branches ?? {}).branch ?? []).map((one) => one.name || 'Branch'), '${HOLD_OUT}'].map((displayName) => ({ type: 'main', displayName })) }}` as const;
