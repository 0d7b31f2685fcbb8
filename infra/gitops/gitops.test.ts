import { readdir, readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { parse } from 'yaml';
import { hasHelm, installHelm, manifestsIn, render, type Manifest } from '../kubernetes/helm.ts';
import { hasSchemas, schemaFaults, schemasFolder } from '../kubernetes/testing/schema-faults.ts';
import { silentProgress } from '../process/progress.ts';
import { digestIn, withDigest } from './digest.ts';

jest.setTimeout(120_000);

const ENVIRONMENTS = ['dev', 'prod', 'staging'];
const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
const values = (environment: string): Promise<string> => read(`environments/${environment}/values.yaml`);
const digest = `sha256:${'b'.repeat(64)}`;

interface Application extends Manifest {
  spec: {
    project: string;
    source: { path: string; helm: { valueFiles: string[] } };
    destination: { name: string; namespace: string };
  };
}
const applications = await Promise.all(
  (await readdir(new URL('applications/', import.meta.url))).map(
    async (file) => parse(await read(`applications/${file}`)) as Application,
  ),
);
const project = parse(await read('projects/fusioncommerce.yaml')) as Manifest & {
  spec: { destinations: { namespace: string }[] };
};

test('every environment has an application of its own in the project, and no other', () => {
  expect(applications.map(({ metadata }) => metadata.name).toSorted()).toEqual(
    ENVIRONMENTS.map((environment) => `fusioncommerce-${environment}`),
  );
  for (const { metadata, spec } of applications) {
    const environment = metadata.name.replace('fusioncommerce-', '');
    expect(spec).toMatchObject({
      project: project.metadata.name,
      source: { helm: { valueFiles: [`../../../gitops/environments/${environment}/values.yaml`] } },
      destination: { namespace: `shop-${environment}` },
    });
    expect(project.spec.destinations.map(({ namespace }) => namespace)).toContain(spec.destination.namespace);
  }
});

test('the objects of Argo CD are what it allows', async () => {
  if (!hasSchemas) return console.warn(`Not checked: there are no schemas in ${schemasFolder} (SCHEMAS_DIR).`);
  const root = parse(await read('bootstrap/root.yaml')) as Manifest;
  expect(await schemaFaults([root, project, ...applications])).toEqual([]);
});

(hasHelm ? test : test.skip)('the chart takes the values of every environment', async () => {
  const helm = await installHelm(silentProgress);
  for (const environment of ENVIRONMENTS) {
    const own = parse(withDigest(await values(environment), digest)) as object;
    const manifests = manifestsIn(
      await render(helm, { chart: 'fusioncommerce', namespace: `shop-${environment}`, values: own }),
    );
    expect(JSON.stringify(manifests)).toContain(`fusioncommerce@${digest}`);
  }
});

test('promotion changes the digest alone, and what runs nowhere yet cannot be promoted', async () => {
  const before = await values('prod');
  const after = withDigest(before, digest);
  expect(digestIn(after)).toBe(digest);
  expect(after.replace(digest, '')).toBe(before.replace(/sha256:[0-9a-f]{64}/, ''));
  const empty = before.replace(/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`);
  expect(() => digestIn(empty)).toThrow(/name no image yet/);
  for (const wrong of ['latest', 'sha256:abc', `sha256:${'0'.repeat(64)}`])
    expect(() => withDigest(before, wrong)).toThrow(/is no digest of an image/);
});
