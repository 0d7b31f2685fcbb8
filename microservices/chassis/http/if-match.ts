import { takesVersion, type Operation } from '../contract/index.ts';
import { Problem } from '../problem.ts';

/**
 * The input with the version that the request's If-Match header names (RFC 9110, section 13.1.1), as if it were given
 * as `expectedVersion`. Throws 400 where an operation has no version to compare: ignoring the header would let a stale
 * change through. `*` asks for no version.
 */
export const withExpectedVersion = (declared: Operation, header: string | undefined, input: unknown): unknown => {
  if (header === undefined || header.trim() === '*' || declared.method === 'GET') return input;
  if (!takesVersion(declared)) {
    throw new Problem({
      code: 'IF_MATCH_NOT_SUPPORTED',
      status: 400,
      title: 'If-Match is not supported here',
      detail: 'What this operation changes counts no versions. Leave the header If-Match out.',
    });
  }
  const version = /^(?:W\/)?"?(\d{1,10})"?$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw stale(
      `If-Match holds ${header.slice(0, 60)}, which is no version. Send the field "version" in quotes, for example "7".`,
    );
  }
  return input !== null && typeof input === 'object' && 'expectedVersion' in input
    ? input
    : { ...(input ?? {}), expectedVersion: Number(version) };
};

/** The ETag of an output that says its version: what If-Match then takes. */
export const etagOf = (output: unknown): string => `"${String((output as { version: number }).version)}"`;

/** A conflict of versions as 412, when the version came by If-Match; any other problem as it is. */
export const preconditionFailed = (problem: Problem, header: string | undefined): Problem =>
  header !== undefined && problem.code === 'VERSION_CONFLICT' ? stale(problem.message, problem.data) : problem;

const stale = (detail: string, data?: unknown): Problem =>
  new Problem({ code: 'PRECONDITION_FAILED', status: 412, title: 'Changed since this version', detail, data });
