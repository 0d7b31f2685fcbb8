import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { parse } from 'yaml';
import { allServices } from '../platform/services.ts';
import { silentProgress } from '../process/progress.ts';
import { generatedFile, writeGenerated } from './generated.ts';
import { hasHelm, installHelm, manifestsIn, render, type Manifest } from './helm.ts';
import { reaches, type Pod } from './testing/reaches.ts';
import { hasSchemas, schemaFaults, schemasFolder } from './testing/schema-faults.ts';
import type { Talker } from './who-talks.ts';

jest.setTimeout(120_000);

const NAMESPACE = 'shop';
const image = { digest: `sha256:${'a'.repeat(64)}` };
const release = (values: object = {}) => ({
  chart: 'fusioncommerce',
  namespace: NAMESPACE,
  values: { image, host: 'api.shop.example', otlp: 'http://collector.monitoring:4318', ...values },
});
const names = ['gateway', ...allServices.map(({ contract }) => contract.domain)].toSorted();

test('the list of calls and topics is up to date (npm run docs writes it)', async () => {
  expect(await readFile(generatedFile, 'utf8')).toBe(await writeGenerated());
});

// helm is fetched for Linux on x64 alone; elsewhere jest lists these tests as skipped.
(hasHelm ? describe : describe.skip)('the chart, rendered', () => {
  let helm: string;
  let manifests: Manifest[];
  let talkers: Record<string, Talker>;
  beforeAll(async () => {
    helm = await installHelm(silentProgress);
    manifests = manifestsIn(await render(helm, release()));
    ({ services: talkers } = parse(await readFile(generatedFile, 'utf8')) as { services: Record<string, Talker> });
  });
  const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
  const namesOf = (kind: string): string[] =>
    ofKind(kind)
      .map(({ metadata }) => metadata.name)
      .toSorted();

  test('has a deployment, a service and a disruption budget for every service', () => {
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget']) expect(namesOf(kind)).toEqual(names);
    expect(namesOf('AuthorizationPolicy')).toEqual(names.filter((name) => name !== 'gateway'));
  });

  test('every object is what its kind allows', async () => {
    if (!hasSchemas) return console.warn(`Not checked: there are no schemas in ${schemasFolder} (SCHEMAS_DIR).`);
    expect(await schemaFaults(manifests)).toEqual([]);
    const misspelt = { ...manifests.find(({ kind }) => kind === 'Deployment'), spec: { replica: 1 } } as Manifest;
    expect(await schemaFaults([misspelt])).not.toEqual([]);
  });

  test('pods have no rights, no token, no writable root, an image by digest and bounded memory', () => {
    for (const { kind, metadata, spec } of [...ofKind('Deployment'), ...ofKind('Job')]) {
      const pod = (spec as { template: { spec: Record<string, unknown> } }).template.spec;
      expect([kind, metadata.name, pod]).toMatchObject([
        kind,
        metadata.name,
        {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              image: `fusioncommerce@${image.digest}`,
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              resources: {
                requests: { cpu: expect.any(String) as string },
                limits: { memory: expect.any(String) as string },
              },
            },
          ],
        },
      ]);
    }
  });

  test('who scales has no number of replicas, and is scaled by one thing alone', () => {
    const scaled = [...namesOf('HorizontalPodAutoscaler'), ...namesOf('ScaledObject')];
    expect(scaled.toSorted()).toEqual(names);
    expect(ofKind('Deployment').filter(({ spec }) => spec && 'replicas' in spec)).toEqual([]);
  });

  test('no hook of helm: under Argo CD it would start before its secrets are there', () => {
    expect(JSON.stringify(manifests)).not.toContain('helm.sh/hook');
  });

  const pod = (name: string, namespace = NAMESPACE): Pod => ({
    namespace,
    labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'fusioncommerce' },
  });
  const opens = (from: Pod, to: Pod, port = 3000): boolean => reaches(manifests, NAMESPACE, { from, to, port });

  test('the network lets through the calls of the contracts, and no other pair', () => {
    const wanted = (from: string, to: string): boolean =>
      from === 'gateway' ? to !== 'gateway' : (talkers[from]?.calls.includes(to) ?? false);
    for (const from of names)
      for (const to of names.filter((name) => name !== from))
        expect([from, to, opens(pod(from), pod(to))]).toEqual([from, to, wanted(from, to)]);
  });

  test('the network lets in the edge at the gateway, the scraper at the second port, and nobody else', () => {
    const edge = pod('proxy', 'edge');
    const scraper = pod('prometheus', 'monitoring');
    const stranger = pod('orders', 'other');
    for (const name of names) {
      expect([name, opens(edge, pod(name))]).toEqual([name, name === 'gateway']);
      expect([name, opens(scraper, pod(name), 9090), opens(scraper, pod(name), 3000)]).toEqual([name, true, false]);
      expect([name, opens(stranger, pod(name)), opens(pod(name), stranger)]).toEqual([name, false, false]);
      expect([name, opens(pod(name), pod('kafka', 'engines'), 9093)]).toEqual([name, true]);
    }
    expect(opens(pod('migrate'), pod('postgres', 'engines'), 5433)).toBe(true);
    expect(opens(pod('migrate'), pod('orders'))).toBe(false);
  });

  test.each<[string, object, RegExp]>([
    ['an image by tag', { image: { digest: 'latest' } }, /image\/digest.*does not match pattern/s],
    ['a service that does not exist', { services: { oders: { replicas: 2 } } }, /services\.oders is no service/],
    [
      'replicas beside an autoscaler',
      { services: { orders: { replicas: 2, autoscale: { min: 2, max: 3, cpuPercent: 60 } } } },
      /services\/orders/,
    ],
    [
      'an autoscaler that begins with one pod',
      { defaults: { autoscale: { min: 1, max: 3, cpuPercent: 60 } } },
      /minimum/,
    ],
    ['a value that nobody reads', { replicaCount: 3 }, /replicaCount/],
  ])('%s is refused in words', async (_what, values, words) => {
    await expect(render(helm, release(values))).rejects.toThrow(words);
  });

  test('a fixed number of replicas replaces the autoscaler', async () => {
    const fixed = manifestsIn(await render(helm, release({ services: { catalog: { replicas: 3 } } })));
    const of = (kind: string) => fixed.find((one) => one.kind === kind && one.metadata.name === 'catalog');
    expect(of('Deployment')?.spec).toMatchObject({ replicas: 3 });
    expect([of('HorizontalPodAutoscaler'), of('ScaledObject')]).toEqual([undefined, undefined]);
  });
});
