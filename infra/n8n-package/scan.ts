import { analyzePackage } from '@n8n/scan-community-package/scanner/scanner.mjs';
import type { Linted } from './lint-rules.ts';

/** What n8n's scanner says of a folder; it never asks a registry. */
export const scan = async (title: string, folder: string, patterns: string[]): Promise<Linted> => {
  const { passed, message, details } = await analyzePackage(folder, patterns);
  return { title: `scanner: ${title}`, findings: passed ? [] : [details ?? message ?? 'refused without a reason'] };
};
