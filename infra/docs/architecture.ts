import { modelContracts } from '../../ai/contracts.ts';
import { topicOf, type Contract } from '../../microservices/chassis/contract/index.ts';
import { domainContracts } from '../../microservices/contracts.ts';
import { readJourneys } from '../n8n/journeys.ts';
import { arrow, box, LINE_HEIGHT, picture, text } from './svg.ts';

/** The file that the picture is kept in. */
export const architectureFile = new URL('architecture.svg', import.meta.url);

const PLATFORM = { x: 20, y: 100, width: 800 };
const N8N = { x: 950, width: 270 };
const COLUMNS = 4;
const CELL = { width: 182, height: 60, gap: 12 };
const EDGE = 18;
const JOURNEYS = { y: 220, below: 98 };

/** The services of the platform, from the lists of contracts, and the way of a request, an event and a journey. */
export const drawArchitecture = async (): Promise<string> => {
  const journeys = (await readJourneys()).map(({ workflow }) => workflow.name).toSorted();
  const rows = Math.ceil((domainContracts.length + modelContracts.length) / COLUMNS);
  const services = PLATFORM.y + 110;
  const chassis = services + rows * (CELL.height + CELL.gap) + 4;
  const bottom = chassis + 62 + EDGE;
  const engines = bottom + 80;
  return picture(1240, engines + 90 + EDGE, 'FusionCommerce: services, events on Kafka, journeys in n8n, engines', [
    ...platform(bottom, chassis),
    ...[...domainContracts, ...modelContracts].map((contract, index) => service(contract, index, services)),
    ...n8n(journeys, bottom),
    ...storage(engines, bottom),
    ...kafka(engines, bottom),
  ]);
};

const platform = (bottom: number, chassis: number): string[] => [
  box({ x: 570, y: 18, width: 250, height: 40, title: 'Shops, staff, other systems', kind: 'client' }),
  box({
    ...PLATFORM,
    height: bottom - PLATFORM.y,
    title: 'Platform: all services in one process, or a process each',
    kind: 'panel',
  }),
  box({
    x: PLATFORM.x + EDGE,
    y: 140,
    width: 764,
    height: 48,
    title: 'Gateway: one public API, checked against the contracts',
    kind: 'service',
  }),
  arrow([695, 58], [695, 138]),
  text(707, 84, 'HTTP', 'note', 'start'),
  box({
    ...{ x: PLATFORM.x + EDGE, y: chassis, width: 764, height: 62, kind: 'service' },
    title: 'Chassis of every service',
    lines: ['idempotency · state and event in one transaction · outbox relay · inbox · jobs · keys and scopes'],
  }),
];

const service = (contract: Contract, index: number, top: number): string =>
  box({
    x: PLATFORM.x + EDGE + (index % COLUMNS) * (CELL.width + CELL.gap),
    y: top + Math.floor(index / COLUMNS) * (CELL.height + CELL.gap),
    width: CELL.width,
    height: CELL.height,
    title: modelContracts.includes(contract) ? `${contract.title} model` : contract.title,
    lines: [topicOf(contract)],
    kind: modelContracts.includes(contract) ? 'model' : 'service',
  });

const n8n = (journeys: readonly string[], bottom: number): string[] => {
  const height = bottom - JOURNEYS.y - JOURNEYS.below;
  const inside = { x: N8N.x + EDGE, width: N8N.width - 2 * EDGE };
  const middle = N8N.x + N8N.width / 2;
  return [
    box({
      ...N8N,
      y: PLATFORM.y,
      height: bottom - PLATFORM.y,
      title: 'n8n: analysts draw journeys',
      kind: 'panel',
    }),
    box({ ...inside, y: 140, height: 48, title: 'FusionCommerce nodes', kind: 'client' }),
    box({ ...inside, y: JOURNEYS.y, height, title: 'Journeys', lines: fitting(journeys, height), kind: 'client' }),
    box({ ...inside, y: bottom - EDGE - 48, height: 48, title: 'FusionCommerce Trigger', kind: 'client' }),
    arrow([inside.x, 164], [PLATFORM.x + EDGE + 766, 164]),
    text(885, 128, 'API call with', 'note'),
    text(885, 146, 'Idempotency-Key', 'note'),
    arrow([middle, 220], [middle, 190]),
    arrow([middle, bottom - EDGE - 48], [middle, bottom - 96]),
  ];
};

/** As many names as a box of this height has room for below its title. */
const fitting = (names: readonly string[], height: number): readonly string[] => {
  const room = Math.floor((height - 12) / LINE_HEIGHT) - 1;
  return names.length <= room ? names : [...names.slice(0, room - 1), `and ${names.length - room + 1} more`];
};

const storage = (y: number, bottom: number): string[] => [
  box({
    x: 20,
    y,
    width: 218,
    height: 90,
    title: 'PostgreSQL',
    lines: ['or YugabyteDB', 'a schema for each service'],
    kind: 'engine',
  }),
  box({
    x: 250,
    y,
    width: 186,
    height: 90,
    title: 'Key-value',
    lines: ['PostgreSQL, or', 'ScyllaDB, Cassandra'],
    kind: 'engine',
  }),
  box({ x: 448, y, width: 152, height: 90, title: 'Objects', lines: ['a folder, or S3'], kind: 'engine' }),
  arrow([129, bottom], [129, y - 2]),
  arrow([343, bottom], [343, y - 2]),
  arrow([524, bottom], [524, y - 2]),
  text(140, bottom + 45, 'state and events', 'note', 'start'),
];

const kafka = (y: number, bottom: number): string[] => {
  const middle = N8N.x + N8N.width / 2;
  return [
    box({
      x: 612,
      y,
      width: 608,
      height: 90,
      title: 'Kafka',
      lines: ['the embedded broker, or Apache Kafka', 'a topic for each domain, CloudEvents, dead letters'],
      kind: 'engine',
    }),
    arrow([650, bottom], [650, y - 2]),
    text(640, bottom + 32, 'relay: in order', 'note', 'end'),
    arrow([700, y], [700, bottom + 2]),
    text(712, bottom + 36, 'reactions of other services,', 'note', 'start'),
    text(712, bottom + 54, 'once in effect', 'note', 'start'),
    arrow([middle, y], [middle, bottom + 2]),
    text(middle + 12, bottom + 45, 'events', 'note', 'start'),
  ];
};
