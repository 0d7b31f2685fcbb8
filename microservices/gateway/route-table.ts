import { pathOf, segmentsOf, type Contract, type Method } from '../chassis/contract/index.ts';

interface Route {
  method: Method;
  name: string;
  pattern: RegExp;
}

export interface RouteTable<Target> {
  /** The target of a path, by its version and first segment: /v1/orders/… */
  targetOf(path: string): Target | undefined;
  /** The name of the operation with this method and path, if there is one. */
  operationOf(method: string, path: string): string | undefined;
  /** The methods of a path; empty when there is no such path. */
  methodsOf(path: string): Method[];
  /** The beginnings of paths: "/v1/orders", "/v1/carts". */
  readonly beginnings: readonly string[];
}

/** Targets by path, from the contracts. Throws when two domains claim the same first segment. */
export const routeTable = <Target>(entries: readonly { contract: Contract; target: Target }[]): RouteTable<Target> => {
  const targets = new Map<string, { domain: string; target: Target }>();
  for (const { contract, target } of entries) {
    for (const segment of segmentsOf(contract)) {
      const beginning = `/v${contract.version}/${segment}`;
      const other = targets.get(beginning);
      if (other)
        throw new Error(
          `${other.domain} and ${contract.domain} both have paths under ${beginning}: first path segments must be unique.`,
        );
      targets.set(beginning, { domain: contract.domain, target });
    }
  }
  const routes = entries.flatMap(({ contract }) => routesOf(contract));
  return {
    targetOf: (path) => targets.get(beginningOf(path))?.target,
    operationOf: (method, path) => routes.find((route) => route.method === method && route.pattern.test(path))?.name,
    methodsOf: (path) => [...new Set(routes.filter((route) => route.pattern.test(path)).map((route) => route.method))],
    beginnings: [...targets.keys()].toSorted(),
  };
};

const beginningOf = (path: string): string => path.split('/', 3).join('/');

const routesOf = (contract: Contract): Route[] =>
  Object.entries(contract.operations)
    .map(([name, declared]) => ({ method: declared.method, name, path: pathOf(contract, declared) }))
    // Fixed paths before those with parameters, as the services match them.
    .toSorted((left, right) => parametersIn(left.path) - parametersIn(right.path))
    .map(({ method, name, path }) => ({ method, name, pattern: patternOf(path) }));

const parametersIn = (path: string): number => path.split('{').length;

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .split('/')
      .map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)))
      .join('/')}$`,
  );
