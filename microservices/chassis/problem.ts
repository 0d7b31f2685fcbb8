import type { ExpectedFailures } from './contract/index.ts';

/** RFC 9457 problem details, with the stable `code` that programs branch on and the `data` that explains it. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  instance?: string;
  data?: unknown;
}

/**
 * An expected failure. Thrown from a handler it rolls back and is not remembered; returned from `commit` the
 * transaction (its events and the idempotent answer) is kept and the caller is answered with it.
 */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly data: unknown;
  readonly headers: Record<string, string>;
  /** The operation of another service that failed with this, `customers.getCustomer`; undefined for one of our own. */
  origin: string | undefined;

  constructor(fields: {
    code: string;
    status: number;
    title: string;
    detail?: string;
    data?: unknown;
    headers?: Record<string, string>;
  }) {
    super(fields.detail ?? fields.title);
    this.name = 'Problem';
    this.code = fields.code;
    this.status = fields.status;
    this.title = fields.title;
    this.data = fields.data;
    this.headers = fields.headers ?? {};
  }

  /** As it goes over the wire; `instance` is the path that was asked. */
  toBody(instance?: string): ProblemBody {
    return {
      type: `urn:fusioncommerce:problem:${this.code.toLowerCase().replaceAll('_', '-')}`,
      title: this.title,
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(instance ? { instance } : {}),
      ...(this.data === undefined ? {} : { data: this.data }),
    };
  }

  static fromBody(body: ProblemBody): Problem {
    return new Problem({
      code: body.code,
      status: body.status,
      title: body.title,
      detail: body.detail,
      data: body.data,
    });
  }
}

/** Constructors for the failures an operation declares: `errors.OUT_OF_STOCK('Only 3 left', { available: 3 })`. */
export type FailureConstructors<Failures extends ExpectedFailures> = {
  [Code in keyof Failures]: (detail: string, ...data: DataArguments<Failures[Code]['data']>) => Problem;
};
type DataArguments<Data> = Data extends { _zod: { output: infer Value } } ? [data: Value] : [];

export const failureConstructors = <Failures extends ExpectedFailures>(
  failures: Failures,
): FailureConstructors<Failures> =>
  Object.fromEntries(
    Object.entries(failures).map(([code, { status, title, data: schema }]) => [
      code,
      // The contract says what a failure tells; what else a handler had at hand stays inside.
      (detail: string, data?: unknown) => new Problem({ code, status, title, detail, data: schema?.parse(data) }),
    ]),
  ) as unknown as FailureConstructors<Failures>;

/** Throws a failure on, with the operation of another service that it came from. */
export const failedAt =
  (origin: string) =>
  (error: unknown): never => {
    if (error instanceof Problem) error.origin = origin;
    throw error;
  };

/** What another service returns, or undefined where it says 404. */
export const orMissing = <T>(asked: Promise<T>): Promise<T | undefined> =>
  asked.catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  });
