import { oc, type AnyContractProcedure, type AnySchema } from '@orpc/contract';
import { pathOf, type Contract, type Operation } from './index.ts';

const toProcedure = (contract: Contract, declared: Operation): AnyContractProcedure =>
  oc
    .route({
      method: declared.method,
      path: pathOf(contract, declared),
      summary: declared.title,
      description: declared.description,
      tags: [contract.title],
      successStatus: declared.successStatus ?? 200,
    })
    .input(declared.input as AnySchema)
    .output(declared.output as AnySchema)
    .errors(
      Object.fromEntries(
        Object.entries(declared.errors).map(([code, failure]) => [
          code,
          { status: failure.status, message: failure.title, data: failure.data as AnySchema },
        ]),
      ),
    );

/**
 * A contract as oRPC knows it: what the server matches by, the client calls by, and the OpenAPI document is written
 * from.
 */
export const contractRouter = (contract: Contract): Record<string, AnyContractProcedure> =>
  Object.fromEntries(
    Object.entries(contract.operations).map(([name, declared]) => {
      const procedure = toProcedure(contract, declared);
      return [name, procedure];
    }),
  );
