import { relative } from 'node:path';
import { analyzePackage } from '@n8n/scan-community-package/scanner/scanner.mjs';
import type { Finding, Report } from './findings.ts';

/** Findings of n8n's scanner in a folder; it never asks a registry. */
export const scan = async (title: string, folder: string, patterns: string[]): Promise<Report> => {
  const { passed, message, details } = await analyzePackage(folder, patterns);
  const findings = passed ? [] : read(details ?? '', folder);
  // A failure without a line that can be read is a failure all the same.
  const unread: Finding = { file: '', line: 0, rule: 'scanner', message: message ?? 'refused without a reason' };
  return { title: `scanner: ${title}`, findings: passed || findings.length > 0 ? findings : [unread] };
};

/** ESLint's "stylish" output: a file, then its findings. The scanner gives nothing else. */
const read = (details: string, folder: string): Finding[] => {
  const findings: Finding[] = [];
  let file = '';
  for (const line of details.split('\n')) {
    const found = /^\s+(\d+):\d+\s+(?:error|warning)\s+(.*?)\s{2,}(\S+)\s*$/.exec(line);
    if (found) findings.push({ file, line: Number(found[1]), message: found[2] ?? '', rule: found[3] ?? '' });
    else if (line.startsWith('/')) file = relative(folder, line.trim());
  }
  return findings;
};
