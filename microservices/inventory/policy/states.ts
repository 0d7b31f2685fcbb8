import type { DeliveryState, ReservationState, TransferState } from '../contract/shapes.ts';

/** from → event → to */
export type StateTable<State extends string, Event extends string> = Record<State, Partial<Record<Event, State>>>;

export type ReservationEvent = 'commit' | 'release' | 'expire' | 'extend' | 'return';

/** Whether the time has run out is decided together with the move, by the database's clock. */
export const reservationStates: StateTable<ReservationState, ReservationEvent> = {
  reserved: { commit: 'committed', release: 'released', expire: 'expired', extend: 'reserved' },
  committed: { return: 'committed' },
  released: {},
  expired: {},
};

export const transferStates: StateTable<TransferState, 'receive' | 'cancel'> = {
  in_transit: { receive: 'received', cancel: 'cancelled' },
  received: {},
  cancelled: {},
};

export const deliveryStates: StateTable<DeliveryState, 'receive' | 'cancel'> = {
  open: { receive: 'received', cancel: 'cancelled' },
  received: {},
  cancelled: {},
};

/** Where the event leads from the state, or undefined where it is not allowed. */
export const nextState = <State extends string, Event extends string>(
  table: StateTable<State, Event>,
  from: State,
  event: Event,
): State | undefined => table[from][event];

/** What is allowed in a state, for the answer to an illegal move. */
export const allowedIn = <State extends string, Event extends string>(
  table: StateTable<State, Event>,
  state: State,
): string[] => Object.keys(table[state]);

/** The data of ILLEGAL_STATE and its sentence, for example "Reservation res_… is released: it cannot be committed." */
export const illegalMove = <State extends string, Event extends string>(
  table: StateTable<State, Event>,
  thing: { name: string; state: State },
  asked: Event,
): [detail: string, data: { state: string; allowed: string[] }] => {
  const allowed = allowedIn(table, thing.state);
  const possible = allowed.length > 0 ? `Possible now: ${allowed.join(', ')}.` : 'Nothing changes it any more.';
  return [
    `${thing.name} is ${thing.state.replace('_', ' ')}, so "${asked}" is not possible. ${possible}`,
    { state: thing.state, allowed },
  ];
};
