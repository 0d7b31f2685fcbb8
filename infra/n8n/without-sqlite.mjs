// Loaded before n8n (--import). n8n is installed without install scripts, so sqlite3 has no native part; the AI Agent
// asks for it all the same when it is loaded, for databases that only a person's own SQLite file would need.
import { registerHooks } from 'node:module';

const standIn = new URL('./sqlite3-stand-in.cjs', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'sqlite3' ? { url: standIn, format: 'commonjs', shortCircuit: true } : next(specifier, context),
});
