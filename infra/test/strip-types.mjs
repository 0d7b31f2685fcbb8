import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

/** Jest runs the very sources that Node runs: types are blanked out, lines and columns stay where they are. */
export default {
  process(source, path) {
    return { code: stripTypeScriptTypes(source, { mode: 'strip', sourceUrl: path }) };
  },
  getCacheKey(source, path) {
    return createHash('sha256').update(process.version).update(path).update(source).digest('hex');
  },
};
