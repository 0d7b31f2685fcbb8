/** The small hand-written part of a node: how a contract's operations are grouped and called on the canvas. */
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import type { Pickers } from './pickers.ts';

export interface OperationFace<Name extends string = string> {
  /** The contract's operation. */
  calls: Name;
  /** As the menu shows it; the key in Title Case unless said otherwise. */
  name?: string;
  /** As the node list shows it, sentence case; the contract's title unless said otherwise. */
  action?: string;
  /** Optional inputs that stand in the form's first level, because most journeys give them. */
  prominent?: readonly string[];
  /** Objects that a journey hands on as they came, in one JSON field instead of one field each. */
  whole?: readonly string[];
  /** Inputs that name what a command acts on, beside the IDs, SKUs and codes that it asks for. */
  subject?: readonly string[];
  /**
   * Its input `key` is the event that started the workflow unless given, and each attempt of the workflow asks anew.
   */
  perEvent?: boolean;
  /**
   * An input that the contract demands and the form does not: left empty, it stands for the event that started the
   * workflow and this node.
   */
  perStep?: string;
  /** The boolean of its response by which items leave through the node's first output, when true, or the second. */
  branch?: string;
  /** Two ways to say what the operation needs, chosen at the head of their fields. Version 1 has the first way only. */
  either?: Either;
  /** An object whose names somebody else knows: a field for each. Version 1 has JSON. */
  mapped?: Record<string, Mapped>;
  /** Inputs that name something new, so that there is nothing to pick from. */
  fresh?: readonly string[];
  /** Facts of another domain about what is returned, which the node asks for too. */
  with?: Beside;
}

export interface Either {
  choice: { name: string; displayName: string; description: string };
  /** By the value of the choice; the first is what a new node shows. */
  ways: Record<string, Way>;
}

export interface Way {
  name: string;
  description: string;
  /** Inputs that this way cannot do without. */
  asks: readonly string[];
  /** Inputs that it takes too. */
  takes?: readonly string[];
  /** Of an input with a field for each value, only the JSON: its label and what it holds unless changed. */
  json?: Record<string, { displayName: string; default: string; description: string }>;
}

/** An object whose fields a list of the same contract names, as soon as the input `within` is chosen. */
export interface Mapped {
  /** The method's name: templateVariables. */
  method: string;
  calls: string;
  within: string;
  /** What a value is called, one and several. */
  words: { singular: string; plural: string };
}

/** A query of another domain whose result is put into what an operation returns. */
export interface Beside {
  /** The switch in the form: "Include Orders". */
  switch: { name: string; displayName: string; description: string };
  /** The property that holds the result. */
  as: string;
  contract: Contract;
  calls: string;
  /** Inputs of the query, each with the property of the first result that it is. */
  input: Record<string, string>;
}

export interface ResourceFace<Name extends string = string> {
  /** As the menu shows it; the key in Title Case unless said otherwise. */
  name?: string;
  /** A sentence beside it; the names of its operations unless given. */
  about?: string;
  operations: Record<string, Name | OperationFace<Name>>;
}

export interface Face<Name extends string = string> {
  contract: Contract;
  resources: Record<string, ResourceFace<Name>>;
  /** Inputs that are chosen from a list. */
  pickers?: Pickers;
  /** Operations that are not on the canvas, each with the reason. */
  notOnCanvas?: Partial<Record<Name, string>>;
  /** Inputs that no node shows, each with the reason. */
  hidden?: Record<string, string>;
  /** Labels of inputs whose names do not read well. */
  labels?: Record<string, string>;
}

/** Ties a face to its contract, so that a misspelt operation is a type error. */
export const defineFace = <C extends Contract>(
  contract: C,
  face: Omit<Face<keyof C['operations'] & string>, 'contract'>,
): Face => ({ contract, ...face });

export const operationFace = (declared: string | OperationFace): OperationFace =>
  typeof declared === 'string' ? { calls: declared } : declared;
