// n8n's linters come without types: what we use of them.
declare module 'eslint-plugin-n8n-nodes-base' {
  import type { Linter } from 'eslint';
  const plugin: { configs: Record<'community' | 'credentials' | 'nodes', { rules: Linter.RulesRecord }> };
  export default plugin;
}

declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
  export const analyzePackage: (
    folder: string,
    patterns: string[],
  ) => Promise<{ passed: boolean; message?: string; details?: string }>;
}
