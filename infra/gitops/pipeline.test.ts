import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { valueFaults } from '../../microservices/chassis/testing/documents.ts';
import { hasSchemas, schemasFolder } from '../kubernetes/testing/schema-faults.ts';

interface Job {
  stage?: string;
  extends?: string;
  needs?: (string | { job: string })[];
  script?: string[];
  rules?: { when?: string }[];
}
type Pipeline = Record<string, Job> & { stages: string[]; include: { local: string }[] };

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = async (path: string): Promise<unknown> => parse(await readFile(join(root, path), 'utf8'));
const pipeline = (await read('.gitlab-ci.yml')) as Pipeline;
const parts = (await Promise.all(pipeline.include.map(({ local }) => read(local)))) as Record<string, Job>[];
const jobs = Object.assign({}, ...parts) as Record<string, Job>;
const running = Object.entries(jobs).filter(([name]) => !name.startsWith('.'));

test('the pipeline and its parts are what GitLab allows', async () => {
  if (!hasSchemas) return console.warn(`Not checked: there are no schemas in ${schemasFolder} (SCHEMAS_DIR).`);
  const text = await readFile(join(schemasFolder, 'ci/gitlab-ci.json'), 'utf8');
  const { $schema: _older, ...schema } = JSON.parse(text) as Record<string, unknown>;
  for (const part of [pipeline, ...parts]) expect(valueFaults(schema, part)).toEqual([]);
});

test('jobs are in stages that exist and need jobs of stages that are not later', () => {
  const place = (name: string): number => pipeline.stages.indexOf(jobs[name]?.stage ?? '');
  for (const [name, { needs = [] }] of running) {
    expect([name, place(name) >= 0]).toEqual([name, true]);
    for (const need of needs) {
      const other = typeof need === 'string' ? need : need.job;
      expect([name, other, place(other) >= 0 && place(other) <= place(name)]).toEqual([name, other, true]);
    }
  }
});

test('every script of npm that a job runs exists, and every template that a job extends', async () => {
  const { scripts } = (await read('package.json')) as { scripts: Record<string, string> };
  const run = Object.values(jobs).flatMap(({ script = [] }) =>
    script.flatMap((line) => [...line.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)),
  );
  expect(run.length).toBeGreaterThan(4);
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
  expect(running.filter(([, job]) => job.extends !== undefined && !(job.extends in jobs))).toEqual([]);
});

test('staging and production are deployed by hand alone', () => {
  for (const name of ['staging', 'prod']) expect(jobs[name]?.rules?.map(({ when }) => when)).toEqual(['manual']);
});
