import { parseArgs } from 'node:util';
import { auditPlatform, type Findings } from './audit.ts';
import { seededRandom } from './random.ts';
import type { Scenario } from './scenario.ts';
import { brokerAway } from './scenarios/broker-away.ts';
import { endedSessions } from './scenarios/ended-sessions.ts';
import { expiryRace } from './scenarios/expiry-race.ts';
import { failingCommits } from './scenarios/failing-commits.ts';
import { killOrders } from './scenarios/kill-orders.ts';
import { killRelay } from './scenarios/kill-relay.ts';
import { lastSeats } from './scenarios/last-seats.ts';
import { poison } from './scenarios/poison.ts';
import { races } from './scenarios/races.ts';
import { redelivery } from './scenarios/redelivery.ts';
import { sameKey } from './scenarios/same-key.ts';
import { startPlatformUnderTest, type PlatformUnderTest } from './platform-under-test.ts';

const SCENARIOS: readonly Scenario[] = [
  races,
  lastSeats,
  sameKey,
  expiryRace,
  failingCommits,
  killRelay,
  poison,
  redelivery,
  brokerAway,
  killOrders,
  endedSessions,
];

const USAGE = `Usage: npm run test:faults -- [--short] [--seed N] [--only WORD] [--kafka embedded|apache]

Runs the platform as separate processes, lets them fail in ${SCENARIOS.length} ways, and audits events, stock, ledger and orders after each.
--short is what npm test runs; --only picks the scenarios whose name contains a word; --seed repeats a run's choices; --kafka apache
lets an Apache Kafka die in the embedded broker's place.`;

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    only: { type: 'string' },
    kafka: { type: 'string', default: 'embedded' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (!Number.isSafeInteger(seed)) {
  console.error(`--seed holds "${values.seed}"; it should be a whole number.`);
  process.exit(2);
}

const broker = values.kafka;
if (broker !== 'embedded' && broker !== 'apache') {
  console.error(`--kafka holds "${broker}"; it should be embedded or apache.`);
  process.exit(2);
}

const runScenario = async (platform: PlatformUnderTest, scenario: Scenario): Promise<Findings> => {
  const journey = scenario.ordersSettle ? await platform.startJourney() : undefined;
  try {
    const found = await scenario.run(platform, values.short ? 'short' : 'full');
    const audited = await auditPlatform(platform, { ordersSettle: scenario.ordersSettle });
    return { counts: { ...found.counts, ...audited.counts }, problems: [...found.problems, ...audited.problems] };
  } catch (error) {
    return { counts: {}, problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  } finally {
    await journey?.stop();
  }
};

const report = (name: string, { counts, problems }: Findings, seconds: number): void => {
  const numbers = Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${name} (${seconds.toFixed(0)} s): ${numbers}`);
  for (const problem of problems) console.log(`        ${problem}`);
};

const scenarios = SCENARIOS.filter(({ name }) => name.includes(values.only ?? ''));
if (scenarios.length === 0) {
  console.error(
    `--only holds "${values.only}"; it should be part of: ${SCENARIOS.map(({ name }) => name).join('; ')}.`,
  );
  process.exit(2);
}

console.log(`seed ${seed}, ${values.short ? 'short' : 'full'} form, ${broker} Kafka`);
const platform = await startPlatformUnderTest(seededRandom(seed), broker);
let failed = 0;
try {
  for (const scenario of scenarios) {
    const started = performance.now();
    const findings = await runScenario(platform, scenario);
    if (findings.problems.length > 0) failed += 1;
    report(scenario.name, findings, (performance.now() - started) / 1000);
  }
} finally {
  await platform.stop();
}
console.log(
  failed === 0 ? 'every scenario left the platform exact' : `${failed} scenarios failed; repeat with --seed ${seed}`,
);
process.exit(failed === 0 ? 0 : 1);
