import type { z } from 'zod';
import type { EventDeclaration } from './event.ts';
import type { Operation } from './operation.ts';
import { speakPlainly } from './plain-words.ts';

speakPlainly();

export { choices, oneOrMore } from './choices.ts';
export { declarationOf, event, exampleId, withExamples } from './event.ts';
export type { EventDeclaration } from './event.ts';
export { downloaded, isQuery, operation, takesVersion, tellsVersion } from './operation.ts';
export type { Access, ExpectedFailures, Method, Operation } from './operation.ts';
export { page, pageQuery } from './page.ts';
export type { Page } from './page.ts';
export { takingWhole } from './schema/remade.ts';
export * from './values.ts';

export interface Contract<
  Operations extends Record<string, Operation> = Record<string, Operation>,
  Events extends Record<string, EventDeclaration> = Record<string, EventDeclaration>,
> {
  /** One lower-case word: the folder, the schema, the consumer group and the topic's last part. */
  domain: string;
  title: string;
  /** The word under which lists show its events, "Order · Confirmed"; the title unless given. */
  noun?: string;
  description: string;
  /** Major version, the first part of every path: /v1/orders. */
  version: number;
  /**
   * The domain keeps data of persons that it learned from customers or from orders: it has an eraser, and an erasure is
   * complete only once it has erased too.
   */
  personalData?: boolean;
  operations: Operations;
  events: Events;
}

/**
 * Declares a domain once. From this one value come its Express routes and their validation, its OpenAPI document, its
 * part of the event types, its typed client and its n8n node.
 */
export const defineContract = <
  const Operations extends Record<string, Operation>,
  const Events extends Record<string, EventDeclaration>,
>(
  contract: Contract<Operations, Events>,
): Contract<Operations, Events> => contract;

/** The Kafka topic that carries a domain's events. */
export const topicOf = (contract: Pick<Contract, 'domain'>): string => `commerce.${contract.domain}`;

/** The path an operation answers on, version included, with `{name}` parameters. */
export const pathOf = (contract: Pick<Contract, 'version'>, declared: Operation): `/${string}` =>
  `/v${contract.version}${declared.path}`;

/** The first segments of a domain's paths ("orders", "carts"): what the gateway routes by. */
export const segmentsOf = (contract: Contract): string[] => [
  ...new Set(Object.values(contract.operations).map((declared) => declared.path.split('/')[1] ?? '')),
];

export type InputOf<C extends Contract, Name extends keyof C['operations']> = z.output<C['operations'][Name]['input']>;
export type OutputOf<C extends Contract, Name extends keyof C['operations']> = z.output<
  C['operations'][Name]['output']
>;
export type PayloadOf<C extends Contract, Name extends keyof C['events']> = z.output<C['events'][Name]['payload']>;
