import { lookup } from 'node:dns/promises';
import type { StartOffsets } from '../../../chassis/kafka/consume/options.ts';
import type { Problem } from '../../../chassis/problem.ts';
import type { Context, Failures, Tx } from '../../context.ts';
import { isAllowedAddress, literalAddress } from '../../policy/addresses.ts';
import { findType, topicsOf } from '../../policy/event-types.ts';
import { findSubscription, lockSubscription, type SubscriptionRow } from '../../store/subscriptions.ts';

type NotFound = Failures<'getSubscription'>;
type Unusable = Failures<'createSubscription'>;

export const noSubscription = (id: string, errors: NotFound): Problem =>
  errors.SUBSCRIPTION_NOT_FOUND(`There is no subscription ${id}. List the subscriptions to find the right id.`);

export const found = async ({ database }: Context, id: string, errors: NotFound): Promise<SubscriptionRow> => {
  const row = await findSubscription(database, id);
  if (!row) throw noSubscription(id, errors);
  return row;
};

export const locked = async (tx: Tx, id: string, errors: NotFound): Promise<SubscriptionRow> => {
  const row = await lockSubscription(tx, id);
  if (!row) throw noSubscription(id, errors);
  return row;
};

export const checkTypes = async (
  { contracts }: Context,
  types: readonly string[],
  errors: Pick<Unusable, 'EVENT_TYPE_NOT_FOUND'>,
): Promise<void> => {
  const unknown = types.filter((type) => !findType(contracts, type));
  if (unknown.length === 0) return;
  const detail = `There is no event type ${unknown.join(', ')}. List the event types to find the right one; custom types begin with "custom.".`;
  throw errors.EVENT_TYPE_NOT_FOUND(detail, { unknown });
};

/** Refuses an address to which no event could ever be delivered; each connection checks the address again. */
export const checkUrl = async (
  { settings }: Context,
  url: string,
  errors: Pick<Unusable, 'URL_NOT_ALLOWED'>,
): Promise<void> => {
  const literal = literalAddress(url);
  const addresses =
    literal === undefined
      ? (await lookup(new URL(url).hostname, { all: true }).catch(() => [])).map(({ address }) => address)
      : [literal];
  const [first] = addresses;
  if (first === undefined || addresses.some((address) => isAllowedAddress(address, settings.allowPrivate))) return;
  const detail = `${url} leads to ${first}, which is not a public address. Give a public one, or allow others with PUSH_ALLOW_PRIVATE (it is "${settings.allowPrivate}").`;
  throw errors.URL_NOT_ALLOWED(detail, { url });
};

/** The offsets at a place in the topics of these types. */
export const offsets = async (
  { contracts, streams, log }: Context,
  types: readonly string[],
  place: 'latest' | 'earliest' | Date,
  errors: Pick<Unusable, 'KAFKA_UNAVAILABLE'>,
): Promise<StartOffsets> => {
  if (types.length === 0) return {};
  try {
    return await streams.offsetsAt(topicsOf(contracts, types), place);
  } catch (err) {
    log.warn({ err }, 'the offsets of a new subscription cannot be read from Kafka');
    throw errors.KAFKA_UNAVAILABLE(
      'Kafka cannot be reached, so the subscription’s first event cannot be determined. Try again in a moment.',
    );
  }
};
