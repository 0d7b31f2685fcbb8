import type { Contract } from '../../microservices/chassis/contract/index.ts';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import { WrongSetting } from './options.ts';
import { allServices } from './services.ts';

const known = (): string => allServices.map((definition) => definition.contract.domain).join(', ');

/** The services with these names, or all. `where` begins the error about a name that is none. */
export const chooseServices = (
  names: readonly string[] | undefined,
  where = '--services',
): readonly ServiceDefinition[] => {
  if (names === undefined) return allServices;
  return names.map((name) => find(name, where));
};

/** Contracts and addresses of services that run elsewhere, from `name=url` pairs. */
export const remoteServices = (
  pairs: readonly string[],
  local: readonly ServiceDefinition[],
): { contract: Contract; url: string }[] =>
  pairs
    .map((pair) => {
      const [name = '', url = ''] = pair.split(/=(.*)/s);
      return { contract: find(name, '--service-urls').contract, url: url.replace(/\/$/, '') };
    })
    .filter(({ contract }) => !local.some((definition) => definition.contract.domain === contract.domain));

const find = (name: string, flag: string): ServiceDefinition => {
  const found = allServices.find((definition) => definition.contract.domain === name);
  if (!found) throw new WrongSetting(`${flag} names "${name}", which is not a service. Services are: ${known()}.`);
  return found;
};
