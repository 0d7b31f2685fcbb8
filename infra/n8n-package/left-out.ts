import type { Plugin } from 'esbuild';

/**
 * Modules that a client brings for what no credential offers: the CQL driver reads DataStax's cloud bundles with
 * adm-zip and signs in with Kerberos, a native module. Bundles get an empty one instead, so that a node touches no
 * files and loads nothing native.
 */
export const leftOut: Plugin = {
  name: 'left-out',
  setup: (build) => {
    build.onResolve({ filter: /^(?:adm-zip|kerberos)$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};
