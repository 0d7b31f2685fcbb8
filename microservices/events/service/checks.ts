import { lookup } from 'node:dns/promises';
import type { StartOffsets } from '../../chassis/kafka/consume/options.ts';
import { findType } from '../catalogue.ts';
import type { Context } from '../context.ts';
import { isAllowedAddress, literalAddress } from '../policy/addresses.ts';
import { topicsOf } from '../push/runner.ts';
import { findSubscription, type SubscriptionRow } from '../store/subscriptions.ts';

export const noSuch = (id: string): string =>
  `There is no subscription ${id}. List the subscriptions to see which there are.`;

export const found = async (
  { platform }: Context,
  id: string,
  refuse: (detail: string) => Error,
): Promise<SubscriptionRow> => {
  const row = await findSubscription(platform.database, id);
  if (!row) throw refuse(noSuch(id));
  return row;
};

export const checkTypes = async (
  { platform }: Context,
  types: readonly string[],
  refuse: (detail: string, data: { unknown: string[] }) => Error,
): Promise<void> => {
  const unknown = types.filter((type) => !findType(platform.catalogue, type));
  if (unknown.length > 0)
    throw refuse(
      `Nobody says ${unknown.join(', ')}. List the event types to see which there are; types of your own begin with custom.`,
      { unknown },
    );
};

/** Refuses what could never be delivered to, at once and in words; the address is checked again whenever a connection is made. */
export const checkUrl = async (
  { settings }: Context,
  url: string,
  refuse: (detail: string, data: { url: string }) => Error,
): Promise<void> => {
  const literal = literalAddress(url);
  const addresses =
    literal === undefined
      ? (await lookup(new URL(url).hostname, { all: true }).catch(() => [])).map(({ address }) => address)
      : [literal];
  const [first] = addresses;
  if (first === undefined || addresses.some((address) => isAllowedAddress(address, settings.allowPrivate))) return;
  throw refuse(
    `${url} leads to ${first}, which is not a public address. Give a public one, or allow others with PUSH_ALLOW_PRIVATE (it is "${settings.allowPrivate}").`,
    { url },
  );
};

export const offsets = async (
  context: Context,
  types: readonly string[],
  place: 'latest' | 'earliest' | Date,
  refuse: (detail: string) => Error,
): Promise<StartOffsets> => {
  if (types.length === 0) return {};
  try {
    return await context.platform.streams.offsetsAt(topicsOf(context, types), place);
  } catch (err) {
    context.platform.log.warn({ err }, 'Kafka could not say where its topics stand');
    throw refuse(
      'Kafka does not say where its topics stand, so the subscription would not know where to begin. Try again in a moment.',
    );
  }
};
