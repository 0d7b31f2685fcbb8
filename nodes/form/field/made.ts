/** The parts that every kind of field shares. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import type { PickerChoice, Pickers } from '../pickers.ts';
import type { Field, Shape } from '../../run/route.ts';
import type { Mapped } from '../face.ts';

/**
 * The version of the nodes that a form is for. 2: amounts in major units, currencies and SKUs of rows from a list,
 * several states in a filter. Workflows saved with 1 keep its fields.
 */
export type Edition = 1 | 2;
export const EDITIONS: readonly Edition[] = [1, 2];

export interface FieldContext {
  edition: Edition;
  pickers: Pickers;
  labels: Record<string, string>;
  /** Inputs of this operation that are not chosen from a list. */
  fresh: readonly string[];
  /** Objects of this operation that are one JSON field. */
  whole: readonly string[];
  /** Objects of this operation that have a field for each value. */
  mapped: Record<string, Mapped>;
  /** Inside a fixed collection's row: nothing nested deeper than texts and money. */
  inRow?: boolean;
}

export interface FormField {
  field: Field;
  /** Usually one; money is two, rows at the first level bring their JSON alternative. */
  properties: INodeProperties[];
  /** The lists that its properties are chosen from. */
  pickers: PickerChoice[];
}

export interface Made {
  shape: Shape;
  properties: INodeProperties[];
  pickers?: PickerChoice[];
}

export type Base = Pick<INodeProperties, 'displayName' | 'name'> & { description?: string };
export type Empties = { nullable?: true };

/** n8n's linter refuses empty descriptions. */
export const described = (text: string): { description?: string } => (text === '' ? {} : { description: text });

/** A description with another sentence behind it. */
export const followedBy = (text: string | undefined, sentence: string): string =>
  text ? `${text.replace(/\.$/, '')}. ${sentence}.` : sentence;
