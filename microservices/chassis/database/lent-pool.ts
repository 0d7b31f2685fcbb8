import pg from 'pg';
import { refuseWhileHolding } from './holding.ts';
import type { Borrower, Lending } from './lending.ts';

type Checkout = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/**
 * A pool that opens `max` connections of its own and more, up to `most`, as long as the process has some to lend. What
 * it borrowed it gives back when a connection ends, by error or after idling.
 */
export class LentPool extends pg.Pool implements Borrower {
  readonly #own: number;
  readonly #most: number;
  readonly #lending: Lending | undefined;

  constructor(options: pg.PoolConfig & { max: number }, borrowing?: { most: number; lending: Lending }) {
    super(options);
    this.#own = options.max;
    this.#most = borrowing?.most ?? options.max;
    this.#lending = borrowing?.lending;
    this.on('remove', () => this.#giveBack());
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Checkout): void;
  override connect(callback?: Checkout): Promise<pg.PoolClient> | void {
    refuseWhileHolding();
    this.#growWhenBusy();
    if (callback) {
      return super.connect((error, client, done) => {
        if (error) this.#giveBack();
        callback(error, client, done);
      });
    }
    return super.connect().catch((error: unknown) => {
      this.#giveBack();
      throw error;
    });
  }

  isWaiting(): boolean {
    return !this.ending && this.waitingCount > 0;
  }

  /** A connection that is opened and released at once serves whoever waits longest. */
  lend(): void {
    this.options.max += 1;
    super.connect().then(
      (client) => client.release(),
      () => this.#giveBack(),
    );
  }

  #growWhenBusy(): void {
    const isBusy = this.idleCount <= this.waitingCount && this.totalCount >= this.options.max;
    if (isBusy && this.options.max < this.#most && this.#lending?.borrow(this)) this.options.max += 1;
  }

  /** Connections that could not be opened are not removed, so the count is compared whenever one failed or ended. */
  #giveBack(): void {
    while (this.options.max > this.#own && this.options.max > this.totalCount + this.waitingCount) {
      this.options.max -= 1;
      this.#lending?.giveBack();
    }
  }
}
