import type { Caller } from '../auth/caller.ts';

declare global {
  namespace Express {
    interface Request {
      caller: Caller;
    }
  }
}
