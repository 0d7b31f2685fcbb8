import { SERVICE_KEY_ID, type Caller } from '../auth/caller.ts';
import { currentContext } from '../context.ts';
import { idsIn } from '../contract/identifiers.ts';
import type { Contract, JourneyOrigin, Operation } from '../contract/index.ts';

/** What the audit trail keeps of a command besides its time, operation, caller, address and correlation id. */
export interface AuditDetails {
  /** Name of the API key. */
  name?: string;
  /** True for tokens that anybody gets for the asking. */
  guest?: true;
  /** The thing that was acted on, by its id or code. */
  resource?: string;
  journey?: JourneyOrigin;
  userAgent?: string;
  /** Code of the refusal; absent for what was done. */
  refusal?: string;
}

/** One line for the audit trail, as the service that did the work writes it. */
export interface AuditLine {
  /** `orders.placeOrder` */
  operation: string;
  /** `key:<id>`, `customer:<id>`, `anonymous:anonymous` */
  caller: string;
  address: string | undefined;
  details: AuditDetails;
}

/** One request as the trail sees it. */
export interface AuditedCall {
  name: string;
  declared: Operation;
  caller: Caller;
  address: string | undefined;
  input: unknown;
}

/** The line of a command: done with this output, or refused with this code. */
export const auditLine = (
  { domain }: Pick<Contract, 'domain'>,
  { name, declared, caller, address, input }: AuditedCall,
  outcome: { output: unknown } | { refusal: string },
): AuditLine => {
  const { journey, userAgent } = currentContext();
  const resource = resourceOf(declared, input, 'output' in outcome ? outcome.output : undefined);
  return {
    operation: `${domain}.${name}`,
    caller: `${caller.kind}:${caller.id}`,
    // A service asks for somebody whose own line has the address, under the same correlation id. One place to erase.
    address: caller.kind === 'key' && caller.id === SERVICE_KEY_ID ? undefined : address,
    details: {
      ...(caller.kind === 'key' && caller.name !== undefined ? { name: caller.name } : {}),
      ...(caller.kind === 'customer' && caller.guest ? { guest: true } : {}),
      ...(resource === undefined ? {} : { resource }),
      ...(journey ? { journey } : {}),
      ...(userAgent === undefined ? {} : { userAgent }),
      ...('refusal' in outcome ? { refusal: outcome.refusal } : {}),
    },
  };
};

/** Ids and codes only: an e-mail address or a sentence is never the name of a resource. */
const NAME = /^[\w.:-]{1,100}$/;

/** The thing that a command is about: what its path names, else what it made, else the first id of its input. */
export const resourceOf = (declared: Operation, input: unknown, output: unknown): string | undefined => {
  const inPath = /\{(\w+)\}/.exec(declared.path)?.[1];
  const inInput = idsIn(declared.input, 'input')
    .find(({ pointer }) => /^\/\w+$/.test(pointer))
    ?.pointer.slice(1);
  return [fieldOf(input, inPath), fieldOf(output, 'id'), fieldOf(input, inInput)].find((name) => name !== undefined);
};

const fieldOf = (value: unknown, field: string | undefined): string | undefined => {
  if (field === undefined || typeof value !== 'object' || value === null) return undefined;
  const found = (value as Record<string, unknown>)[field];
  return typeof found === 'string' && NAME.test(found) ? found : undefined;
};

const MOST_CHARACTERS = 80;

/** The beginning of a User-Agent header, which names the program; the rest would tell devices apart. */
export const shortUserAgent = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : header.replace(/[^\x20-\x7e]/g, '').slice(0, MOST_CHARACTERS) || undefined;
