import { allowedFindings, type AllowedFinding } from './allowed-findings.ts';

export interface Finding {
  /** From the root of the package. */
  file: string;
  line: number;
  rule: string;
  message: string;
}
export interface Report {
  title: string;
  findings: Finding[];
}

const allows = ({ rule, files }: AllowedFinding, finding: Finding): boolean =>
  rule === finding.rule && files.test(finding.file);

/** Findings that nobody accepted, as lines to read. */
export const refused = ({ findings }: Report): string[] =>
  findings
    .filter((finding) => !allowedFindings.some((allowed) => allows(allowed, finding)))
    .map(({ file, line, rule, message }) => `${file}:${line}  ${message}  ${rule}`);

/** Accepted findings that no longer occur although their files are there: they would hide the next one. */
export const idle = (reports: Report[], files: string[]): string[] =>
  allowedFindings
    .filter(({ files: where }) => files.some((file) => where.test(file)))
    .filter((allowed) => !reports.some(({ findings }) => findings.some((finding) => allows(allowed, finding))))
    .map(
      ({ rule, files: where }) =>
        `allowed-findings.ts accepts ${rule} in ${String(where)}, and nothing of it is found any more: take it out`,
    );
