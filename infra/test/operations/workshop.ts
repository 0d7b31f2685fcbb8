import type { Contract } from '../../../microservices/chassis/contract/index.ts';
import {
  atPointer,
  idsIn,
  makersOf,
  operationsOf,
  type Maker,
  type NamedOperation,
} from '../../../microservices/chassis/contract/identifiers.ts';
import { inputSchemaOf } from './input-schema.ts';
import { freshEmail, PASSWORD, plainInput } from './plain-input.ts';
import type { Receiver } from './receiver.ts';
import { recipes } from './recipes/index.ts';
import { sendOperation, type Sent } from './send.ts';

/** A customer, with what only that person knows. */
export interface Person {
  kind: 'registered' | 'guest';
  customerId: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
  sessionId: string;
}

export type Fields = Record<string, unknown>;

/** What a recipe works with. */
export interface Workshop {
  url: string;
  adminKey: string;
  receiver: Receiver;
  operations: ReadonlyMap<string, NamedOperation>;
  /** Throws when there is no operation of this title. */
  operation(title: string): NamedOperation;
  /** Input with which an operation succeeds, acting on things that were made for it and belong to the owner. */
  inputFor(operation: string, owner: Person, given?: Fields): Promise<Fields>;
  /** Sends an operation with such an input as the administrator, and returns its output. Throws when it is refused. */
  make<Output = Fields>(operation: string, owner: Person, given?: Fields): Promise<Output>;
  /** Sends an operation with this input as the administrator, and returns its output. Throws when it is refused. */
  run<Output = Fields>(operation: string, input: Fields): Promise<Output>;
  send(operation: string, input: unknown, credential?: string, headers?: Record<string, string>): Promise<Sent>;
  /** A new registered customer, or a guest. */
  person(kind?: Person['kind']): Promise<Person>;
}

/** The name of an operation in every list here: `orders.placeOrder`. */
export const titleOf = ({ contract, name }: NamedOperation): string => `${contract.domain}.${name}`;

interface SignedUp {
  customer: { id: string };
  session: { accessToken: string; refreshToken: string; sessionId: string };
}

export const openWorkshop = (
  contracts: readonly Contract[],
  url: string,
  adminKey: string,
  receiver: Receiver,
): Workshop => {
  const operations = new Map(operationsOf(contracts).map((operation) => [titleOf(operation), operation]));
  const named = (title: string): NamedOperation => {
    const operation = operations.get(title);
    if (!operation) throw new Error(`There is no operation ${title}.`);
    return operation;
  };

  /** The ids that belong together: those of the thing that the last id of a path names, and of what it stands in. */
  const thingsFor = async (operation: NamedOperation, owner: Person): Promise<Map<string, string>> => {
    const inPath = idsIn(operation.declared.input, 'input').filter(({ pointer }) =>
      operation.declared.path.includes(`{${pointer.slice(1)}}`),
    );
    const last = inPath.at(-1)?.prefix;
    return last === undefined || last === 'cus' ? new Map() : makeThing(last, owner);
  };

  const makers = new Map<string, Maker | undefined>();
  const makerOf = (prefix: string): Maker | undefined => {
    if (!makers.has(prefix)) makers.set(prefix, makersOf(contracts, prefix)[0]);
    return makers.get(prefix);
  };

  const makeThing = async (prefix: string, owner: Person): Promise<Map<string, string>> => {
    const maker = makerOf(prefix);
    if (!maker) throw new Error(`No operation makes things with ids ${prefix}_…: declare one in recipes.ts.`);
    const input = await workshop.inputFor(titleOf(maker), owner);
    const output = await workshop.run(titleOf(maker), input);
    const made = new Map([[prefix, String(atPointer(output, maker.pointer))]]);
    for (const [value, side] of [
      [output, 'output'],
      [input, 'input'],
    ] as const)
      for (const id of idsIn(maker.declared[side], side)) {
        const found = atPointer(value, id.pointer);
        if (typeof found === 'string' && !made.has(id.prefix)) made.set(id.prefix, found);
      }
    return made;
  };

  const workshop: Workshop = {
    url,
    adminKey,
    receiver,
    operations,
    operation: named,
    inputFor: async (title, owner, given = {}) => {
      const operation = named(title);
      const fields = { ...(await recipes[title]?.(workshop, owner, given)), ...given };
      const schema = inputSchemaOf(operation.declared);
      let things: Map<string, string> | undefined;
      const idFor = async (prefix: string): Promise<string> => {
        if (prefix === 'cus') return owner.customerId;
        things ??= await thingsFor(operation, owner);
        return things.get(prefix) ?? (await makeThing(prefix, owner)).get(prefix) ?? '';
      };
      return plainInput(schema, idFor, {
        ...('ownerId' in (schema.properties ?? {}) && !('ownerId' in fields) ? { ownerId: owner.customerId } : {}),
        ...fields,
      });
    },
    make: async (title, owner, given = {}) => workshop.run(title, await workshop.inputFor(title, owner, given)),
    run: async (title, input) => {
      const sent = await workshop.send(title, input, adminKey);
      if (sent.status >= 300)
        throw new Error(`${title} was refused with ${sent.status} ${sent.text} for ${JSON.stringify(input)}`);
      return sent.body as never;
    },
    send: (title, input, credential, headers) =>
      sendOperation(url, named(title), input, { credential, ...(headers ? { headers } : {}) }),
    person: async (kind = 'registered') => {
      const email = freshEmail();
      const input = kind === 'guest' ? { email } : { email, password: PASSWORD };
      const title = kind === 'guest' ? 'customers.createGuest' : 'customers.registerCustomer';
      const { status, text, body } = await workshop.send(title, input);
      if (status >= 300) throw new Error(`${title} was refused with ${status} ${text}`);
      const { customer, session } = body as SignedUp;
      return { kind, customerId: customer.id, email, password: PASSWORD, ...session };
    },
  };
  return workshop;
};
