import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { located, type Parameter } from '../datastore/read.ts';

/** One item's turn. */
export interface Work {
  context: IExecuteFunctions;
  parameter: Parameter;
}

/** The output for one item. */
export type Operation = (work: Work) => Promise<IDataObject[]>;

/** A name that the form gives. Throws StoreError where it gives none. */
export const chosen = ({ parameter }: Work, name: string, what: string): string => {
  const value = located(parameter(name));
  if (value !== '') return value;
  throw new StoreError('INVALID_INPUT', `No ${what} is chosen.`, `Choose a ${what}.`);
};
