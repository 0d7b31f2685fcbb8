import { parseArgs } from 'node:util';

export const DEMO_USAGE = `Usage: npm run demo -- [one of the stories] [--data FOLDER | --url URL --key KEY --kafka HOST:PORT]

Drives one story through a running platform and prints every event as it passes on Kafka. Ends with exit code 0 only if the story came to its good end.

  (nothing)        a new customer tops up and places one order, until it is confirmed
  --orders 4       so many orders of the same customer, one after the other, each until it is confirmed (1 to 20)
  --customer ID    the orders are of this customer, who gets money as far as it is missing
  --guest          the orders are a guest's, paid in cash on delivery
  --abandon        a customer who agreed to marketing leaves a filled cart, until the reminder was sent (also with --customer)
  --low-stock      an article is sold down to its threshold, until staff have been told
  groups           a customer opens a team, a friend joins by its link and strangers are matched, until every member's order is confirmed

  --data FOLDER    data folder of the platform, .fusioncommerce unless given: where npm start runs here
  --url, --key, --kafka   another platform: its address, an API key, its broker

For a Kafka with TLS or a sign-in the demo reads the variables that npm start reads: KAFKA_TLS, KAFKA_TLS_CA, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD.`;

/** A demo that cannot be: the message says why and what to do. */
export class WrongDemo extends Error {}

export type DemoStory =
  | { kind: 'orders'; count: number; by: { customerId: string | undefined } | 'guest' }
  | { kind: 'abandon'; customerId: string | undefined }
  | { kind: 'low-stock' }
  | { kind: 'groups' };

export interface DemoOptions {
  story: DemoStory;
  /** Data folder of the platform, unless it is named by its address. */
  data: string;
  remote: { url: string; key: string; kafka: string[] } | undefined;
}

const MOST_ORDERS = 20;

/** Reads the command line. Throws WrongDemo for what does not fit together. */
export const readDemoOptions = (args: readonly string[]): DemoOptions | 'help' => {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const story = domainStory(positionals, values) ?? storyOf(values);
  return { story, data: values.data, remote: remoteOf(values) };
};

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '.fusioncommerce' },
      url: { type: 'string' },
      key: { type: 'string' },
      kafka: { type: 'string' },
      customer: { type: 'string' },
      orders: { type: 'string' },
      guest: { type: 'boolean', default: false },
      abandon: { type: 'boolean', default: false },
      'low-stock': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
type Parsed = ReturnType<typeof parse>;
type Values = Parsed['values'];

const parsed = (args: readonly string[]): Parsed => {
  try {
    return parse(args);
  } catch (error) {
    throw new WrongDemo(
      `${error instanceof Error ? error.message : String(error)}\nnpm run demo -- --help says what there is.`,
    );
  }
};

/** The story of a domain, named without dashes. */
const domainStory = (names: readonly string[], values: Values): DemoStory | undefined => {
  const [name, more] = names;
  if (name === undefined) return undefined;
  if (name !== 'groups' || more !== undefined)
    throw new WrongDemo(`There is no story “${names.join(' ')}”. The domain with one is: groups.`);
  const { orders, customer, guest, abandon, 'low-stock': lowStock } = values;
  refuseTogether({ groups: true, '--orders': orders !== undefined, '--customer': customer !== undefined });
  refuseTogether({ groups: true, '--guest': guest, '--abandon': abandon, '--low-stock': lowStock });
  return { kind: 'groups' };
};

const storyOf = ({ customer, orders, guest, abandon, 'low-stock': lowStock }: Values): DemoStory => {
  refuseTogether({ '--guest': guest, '--abandon': abandon, '--low-stock': lowStock });
  refuseTogether({ '--guest': guest, '--customer': customer !== undefined });
  refuseTogether({ '--low-stock': lowStock, '--customer': customer !== undefined });
  refuseTogether({ '--abandon or --low-stock': abandon || lowStock, '--orders': orders !== undefined });
  if (customer !== undefined && !/^cus_[0-9a-f]{32}$/.test(customer))
    throw new WrongDemo(
      `--customer is the id of a customer, cus_ and 32 characters, and not "${customer}". GET /v1/customers?search=… finds it, and so does the Customer node.`,
    );
  if (lowStock) return { kind: 'low-stock' };
  if (abandon) return { kind: 'abandon', customerId: customer };
  return { kind: 'orders', count: countOf(orders), by: guest ? 'guest' : { customerId: customer } };
};

const refuseTogether = (flags: Record<string, boolean>): void => {
  const given = Object.entries(flags).filter(([, isGiven]) => isGiven);
  if (given.length > 1)
    throw new WrongDemo(`Choose one of ${given.map(([name]) => name).join(' and ')}: they do not go together.`);
};

const countOf = (orders = '1'): number => {
  const count = Number(orders);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_ORDERS) return count;
  throw new WrongDemo(`--orders is a number from 1 to ${MOST_ORDERS}, and not "${orders}".`);
};

const remoteOf = ({ url, key, kafka }: Values): DemoOptions['remote'] => {
  if (url && key && kafka) return { url, key, kafka: kafka.split(',') };
  if (!url && !key && !kafka) return undefined;
  throw new WrongDemo(
    '--url, --key and --kafka belong together: give all three, or none for the platform that runs here.',
  );
};
