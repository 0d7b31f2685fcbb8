/** A wish that cannot be granted: its message says why and what to do, and no trace of the program follows. */
export class Refusal extends Error {}
