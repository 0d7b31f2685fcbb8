import { nextProducerId } from '../producers/producer-ids.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { InitProducerIdResponse } from '../protocol/init-producer-id.ts';
import type { BrokerState } from './broker-state.ts';

export async function handleInitProducerId(
  request: { readonly transactionalId: string | null },
  state: BrokerState,
): Promise<InitProducerIdResponse> {
  if (request.transactionalId !== null) {
    return { errorCode: errorCodes.INVALID_REQUEST, producerId: -1, producerEpoch: -1 };
  }
  return { errorCode: errorCodes.NONE, producerId: await nextProducerId(state.producerIds), producerEpoch: 0 };
}
