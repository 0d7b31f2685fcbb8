/**
 * A failure of a datastore, for the analyst: what happened (`message`) and what to do (`advice`). A workflow branches
 * on `code`.
 */
export class StoreError extends Error {
  readonly code: string;
  readonly advice: string;

  constructor(code: string, message: string, advice: string) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}
