import { runTool } from '../../process/run-tool.ts';

const git = async (root: string, failure: string, ...args: string[]): Promise<string[]> => {
  const output = await runTool({ file: 'git', args: ['-c', 'core.quotePath=off', ...args], folder: root, failure });
  return output.split('\n').filter((line) => line !== '');
};

const untracked = (root: string): Promise<string[]> =>
  git(root, 'git could not list new files.', 'ls-files', '--others', '--exclude-standard');

/** Every file of the work tree that git knows or would add, from the root. */
export const repositoryFiles = async (root: string): Promise<string[]> => [
  ...(await git(root, '--only and --since read the list of files from git.', 'ls-files')),
  ...(await untracked(root)),
];

/** Files that differ from where this branch left `ref`: committed, changed or new; both names of a renamed file. */
export const changedSince = async (root: string, ref: string): Promise<string[]> => {
  const failure = `--since holds "${ref}"; it should be a commit, branch or tag that git knows.`;
  const [base = ref] = await git(root, failure, 'merge-base', ref, 'HEAD');
  return [...(await git(root, failure, 'diff', '--name-only', '--no-renames', base, '--')), ...(await untracked(root))];
};
