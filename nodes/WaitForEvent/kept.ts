import type { IDataObject } from 'n8n-workflow';

/** The event that came, or that none did. */
export interface Outcome {
  outcome: 'came' | 'timed_out';
  event: IDataObject | null;
}

/** The data that an execution keeps for the node while it is parked. */
export interface Kept {
  fusionCommerceWait?: { id: string; secret: string; settled?: Outcome } | undefined;
}
