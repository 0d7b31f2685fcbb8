import type { StateTable } from '../../chassis/state-machine.ts';
import type { Customer } from '../contract/values.ts';

export type CustomerMove = 'change' | 'disable' | 'enable' | 'merge_into_another' | 'erase';

export const customerStates: StateTable<Customer['state'], CustomerMove> = {
  active: { change: 'active', disable: 'disabled', merge_into_another: 'merged', erase: 'erased' },
  disabled: { change: 'disabled', enable: 'active', merge_into_another: 'merged', erase: 'erased' },
  merged: { erase: 'erased' },
  erased: {},
};
