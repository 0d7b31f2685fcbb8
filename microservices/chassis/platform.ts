import type { App } from './app.ts';
import type { Contract } from './contract/index.ts';
import type { KeyValue } from '../ports/key-value/port.ts';

/** The App under its old name and with its old members, until every domain has a `context.ts`. */
export interface Platform<Of extends Contract = Contract> extends App<Of> {
  readonly keyValue: KeyValue;
  catalogue: readonly Contract[];
  environment: Record<string, string | undefined>;
}

export const withOldNames = <Given extends App>(
  app: Given,
  environment: Platform['environment'],
): Given & Pick<Platform, 'keyValue' | 'catalogue' | 'environment'> =>
  // Not enumerable, so that a context that spreads the App opens no key-value store.
  Object.defineProperties(app, {
    keyValue: { get: () => app.openKeyValue() },
    catalogue: { value: app.contracts },
    environment: { value: environment },
  }) as Given & Pick<Platform, 'keyValue' | 'catalogue' | 'environment'>;
