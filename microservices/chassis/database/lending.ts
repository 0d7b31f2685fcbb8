/** A pool that may borrow. */
export interface Borrower {
  /** True while somebody waits for a connection of it. */
  isWaiting(): boolean;
  /** It may open one more connection. */
  lend(): void;
}

/** The connections of a process that belong to no service and are lent to the busy ones. */
export interface Lending {
  /** True when the borrower may open one more connection now; else it is asked, by `lend`, once one is given back. */
  borrow(borrower: Borrower): boolean;
  giveBack(): void;
}

/** Lends `connections`, first come, first served. */
export const createLending = (connections: number): Lending => {
  let free = connections;
  const waiting = new Set<Borrower>();
  return {
    borrow: (borrower) => {
      if (free === 0) {
        waiting.add(borrower);
        return false;
      }
      free -= 1;
      return true;
    },
    giveBack: () => {
      free += 1;
      for (const borrower of waiting) {
        waiting.delete(borrower);
        if (!borrower.isWaiting()) continue;
        free -= 1;
        borrower.lend();
        return;
      }
    },
  };
};
