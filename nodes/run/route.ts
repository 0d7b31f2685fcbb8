/** An operation as a node knows it at run time: plain data, computed from the contract when the package is built. */

export type Shape =
  /** The value as the analyst gave it; an empty text is left out, or null where the contract takes null. */
  | { as: 'value'; nullable?: true }
  /** A moment from n8n's date picker, sent as ISO 8601 in UTC. */
  | { as: 'moment'; nullable?: true }
  /** JSON, as text or as the value of an expression. */
  | { as: 'json'; nullable?: true }
  /** A text with Liquid placeholders: what an expression gives is plain text. */
  | { as: 'liquid' }
  /** An object with a field for each value (n8n's resource mapper), or the JSON field `json` beside it. */
  | { as: 'mapped'; json: string }
  /**
   * Several texts: n8n's multiple values, or an expression's array. With `row`, each is chosen from a list in a row of
   * its own, or they come in the JSON field beside it.
   */
  | { as: 'texts'; row?: string; json?: string }
  /**
   * The amount in the field itself, the currency in the field beside it; an expression may give both as one object, in
   * minor units.
   */
  | { as: 'money'; currency: string }
  /**
   * An amount whose currency is the input of this name, beside it or on the form's first level. Sent as a whole number
   * of minor units.
   */
  | { as: 'minor'; currency: string; nullable?: true }
  /** Rows of a fixed collection, or the JSON field `json` beside it. */
  | { as: 'rows'; row: string; fields: Field[]; json?: string }
  /** One object in a fixed collection. */
  | { as: 'object'; row: string; fields: Field[]; nullable?: true }
  /** Names and values in a fixed collection. */
  | { as: 'record'; row: string; nullable?: true };

/** One property of the request, read from the parameter of the same name. */
export interface Field {
  name: string;
  /** As the editor shows it. */
  label: string;
  shape: Shape;
  /** The operation cannot do without it. */
  required?: true;
  /** The contract asks for the property and takes null: null is sent when the analyst left it out. */
  elseNull?: true;
  /** Without it the operation returns or changes more: added and empty, it stops the node. */
  narrows?: true;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the version and `{names}`: /v1/orders/{orderId}/confirm */
  path: string;
  /** Parameters of the form's first level. */
  fields: Field[];
  /** The collection that holds the optional ones. */
  collection?: { name: string; fields: Field[] };
  /** Commands change something: they carry an Idempotency-Key. */
  command: boolean;
  /** Of a command, the inputs that name what it acts on. Its repeats are known by them, whatever else they send. */
  subject: string[];
  /** The answer is a list in `items`: one n8n item each. `paged`: with cursor, Return All and Limit. */
  answer: 'one' | 'items' | 'paged';
  /**
   * Its input `key` is the event that started the workflow unless given, and each attempt of the workflow asks anew.
   */
  perEvent?: true;
  /** The input that, left empty, is a reference made of the event that started the workflow and the node. */
  perStep?: string;
  /** The boolean of its response by which items leave through the first output, when true, or the second. */
  branch?: string;
  /** A query whose result is put into what is returned, under `as`, where the parameter says so. */
  beside?: { parameter: string; as: string; path: string; input: Record<string, string> };
  /** The body is this media type, taken from a binary field or a text. */
  stream?: string;
}
/** By `resource.operation`. */
export type Routes = Record<string, Route>;

/**
 * How the "From List" of a resource locator finds its entries: from a list of the platform, or among the currencies of
 * ISO 4217.
 */
export type Picker = ListPicker | { currencies: true };

export interface ListPicker {
  path: string;
  /** Sent with each search. */
  query?: Record<string, string>;
  /** Query parameter that searches; without one the list is filtered by what it shows. */
  search?: string;
  /** Property of an entry that is the value. */
  value: string;
  /** Properties of an entry that people know it by, dots for nested ones. */
  label: string[];
  /** A parameter of the form that the path needs: the addresses of which customer. */
  within?: string;
}
/** Where the fields of a mapped object come from: a list of `{ name, example }`. */
export interface Mapper {
  path: string;
  /** The parameter that the path needs, and what it is called. */
  within: { parameter: string; label: string };
}
/** By the name of the method. */
export type Mappers = Record<string, Mapper>;

/** By the name of the search method. */
export type Pickers = Record<string, Picker>;
