/** The content of a node's `derived.ts`: computed when the package is built and put into the node as plain data. */
import { answerSchemas, type AnswerSchemas } from './answer-schema.ts';
import type { Face } from './face.ts';
import { formOf, type Form } from './form.ts';

export interface Derived {
  form: Form;
  /** The output schemas that n8n reads beside the node, by `resource/operation`. */
  answers: AnswerSchemas;
}

/** The form, the routes, the pickers and the output schemas of a node, from its face. */
export const derive = (face: Face): Derived => ({
  form: formOf(face),
  answers: answerSchemas(face),
});
