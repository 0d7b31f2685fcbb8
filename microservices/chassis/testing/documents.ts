import { createRequire } from 'node:module';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv, type ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { AsyncApiDocument } from '../contract/documents/async-api.ts';
import { exampleOf } from '../contract/schema/example.ts';
import type { JsonSchema } from '../contract/schema/json-schema.ts';
import { documentLookup, listOperations } from '../contract/documents/listed-operations.ts';
import type { OpenApiDocument } from '../contract/documents/open-api.ts';

const asJson = (value: object): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

const saidBy = (errors: readonly ErrorObject[] | null | undefined): string[] =>
  (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);

/** Faults of a document by the OpenAPI initiative's schema. */
export const openApiFaults = async (document: OpenApiDocument): Promise<string[]> => {
  const { valid, errors } = await new Validator().validate(asJson(document));
  return valid ? [] : [JSON.stringify(errors)];
};

/** Faults of a document by AsyncAPI's own schema of version 3.0. */
export const asyncApiFaults = (document: AsyncApiDocument): string[] => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const specification = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
  const validate = ajv.compile(specification);
  return validate(asJson(document)) ? [] : saidBy(validate.errors);
};

/** Faults of a value by a schema (2020-12). */
export const valueFaults = (schema: object, value: unknown): string[] => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return validate(value) ? [] : saidBy(validate.errors);
};

/** Where the examples of a document's pages would be refused by the document's own schemas. */
export const exampleFaults = (document: OpenApiDocument | AsyncApiDocument): string[] => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'document', ...asJson(document) });
  const lookup = documentLookup(document);
  return schemasShown(document).flatMap(({ where, schema }) => {
    const anchored = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')) as object;
    const validate = ajv.compile(anchored);
    return validate(exampleOf(schema, lookup)) ? [] : saidBy(validate.errors).map((fault) => `${where}: ${fault}`);
  });
};

const schemasShown = (document: OpenApiDocument | AsyncApiDocument): { where: string; schema: JsonSchema }[] => {
  if ('asyncapi' in document) {
    return Object.entries(document.components.messages).map(([where, { payload }]) => ({ where, schema: payload }));
  }
  return listOperations(document).flatMap(({ operationId: where, body, parameters, responses }) => {
    const answers = responses.filter(({ status }) => Number(status) < 400).map(({ schema }) => schema);
    const sent = body?.mediaType === 'application/json' ? body.schema : undefined;
    return [sent, ...answers, ...parameters.map(({ schema }) => schema)].flatMap((schema) =>
      schema ? [{ where, schema }] : [],
    );
  });
};
