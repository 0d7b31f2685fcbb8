import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createMetrics } from '../../microservices/chassis/telemetry/metrics.ts';

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels?: { severity: string };
  annotations?: { summary: string; runbook: string };
}
interface RuleTest {
  tests: { alert_rule_test: { alertname: string; exp_alerts: object[] }[] }[];
}
interface Dashboard {
  title: string;
  panels: { title: string; targets: { expr: string }[] }[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = async <Of>(path: string): Promise<Of> =>
  parse(await readFile(new URL(path, import.meta.url), 'utf8')) as Of;
const { groups } = await read<{ groups: { rules: Rule[] }[] }>('rules/fusioncommerce.yaml');
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const dashboard = JSON.parse(await readFile(new URL('dashboards/services.json', import.meta.url), 'utf8')) as Dashboard;

/** Names of metrics in an expression: words before a selector, a range or the end, that are no functions. */
const metricsIn = (expr: string): string[] => [
  ...new Set(
    [
      ...expr
        .replace(/"[^"]*"/g, '""')
        .replace(/\b(by|without|on) \([^)]*\)/g, '')
        .matchAll(/\b([a-z_:][a-z0-9_:]+)\b(?!\s*\()/g),
    ]
      .map(([, name = '']) => name)
      .filter((name) => /[_:]/.test(name) && !/^(le|for)$/.test(name)),
  ),
];

/** What a process shows by itself, the gauges that services declare, and what the scraper adds. */
const known = async (): Promise<ReadonlySet<string>> => {
  const shown = await createMetrics().registry.getMetricsAsJSON();
  const names = shown.flatMap(({ name, type }) =>
    String(type) === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name],
  );
  const source = await readFile(join(root, 'microservices/events/service/journeys/gauges.ts'), 'utf8');
  const gauges = [...source.matchAll(/name: '(\w+)'/g)].map(([, name = '']) => name);
  return new Set([...names, ...gauges, ...rules.flatMap(({ record }) => (record ? [record] : []))]);
};

test('every metric in rules and dashboards is one that the platform shows', async () => {
  const names = await known();
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  const used = [...new Set(expressions.flatMap(metricsIn))];
  expect(used.length).toBeGreaterThan(6);
  expect(used.filter((name) => !names.has(name))).toEqual([]);
});

test('every alert has a severity, a page that says what to do, and is tested to fire and not to', async () => {
  const { tests } = await read<RuleTest>('rules.test/fusioncommerce.yaml');
  const cases = tests.flatMap(({ alert_rule_test: ofOne }) => ofOne);
  for (const { alert, labels, annotations } of alerts) {
    expect([alert, labels?.severity]).toEqual([alert, expect.stringMatching(/^(page|ticket)$/)]);
    expect([alert, existsSync(join(root, annotations?.runbook ?? 'none'))]).toEqual([alert, true]);
    const fires = cases.filter(({ alertname }) => alertname === alert).map((one) => one.exp_alerts.length > 0);
    expect([alert, fires.toSorted()]).toEqual([alert, [false, true]]);
  }
});

test('no page is left of an alert that is gone', async () => {
  const pages = await readdir(new URL('runbooks/', import.meta.url));
  expect(pages.toSorted()).toEqual(alerts.map(({ alert }) => `${alert ?? ''}.md`).toSorted());
});
