import type { StateTable } from '../../chassis/state-machine.ts';
import type { DeliveryState, ReservationState, TransferState } from '../contract/shapes.ts';

export type ReservationMove =
  'commit' | 'release' | 'expire' | 'extend' | 'ship' | 'return' | 'release_rest' | 'return_rest';

/** If its time has run out is decided together with the move, by the database's clock. */
export const reservationStates: StateTable<ReservationState, ReservationMove> = {
  reserved: { commit: 'committed', release: 'released', expire: 'expired', extend: 'reserved' },
  committed: { ship: 'committed', return: 'committed', release_rest: 'released', return_rest: 'returned' },
  released: {},
  returned: {},
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
