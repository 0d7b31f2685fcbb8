import { z } from 'zod';
import { text } from '../../chassis/contract/index.ts';
import { invalidInput } from '../../chassis/http/validate.ts';
import { localizedText, type LocalizedText } from '../contract/values.ts';
import { mergedTexts, type TextChanges } from '../policy/texts.ts';

/**
 * An optional text after a change: undefined when the change does not name it, null when it or its last language is
 * removed.
 */
export const changedTexts = (
  before: LocalizedText | null,
  changes: TextChanges | null | undefined,
): LocalizedText | null | undefined => (changes ? wholeOrNull(mergedTexts(before, changes)) : changes);

/** A title after a change. Throws INVALID_INPUT when no language would be left, or too many. */
export const changedTitle = (before: LocalizedText, changes: TextChanges | undefined): LocalizedText =>
  changes ? whole(mergedTexts(before, changes) ?? {}) : before;

const MOST_CHARACTERS = 10_000;

const wholeOrNull = (texts: LocalizedText | null): LocalizedText | null => (texts === null ? null : whole(texts));

const whole = (texts: LocalizedText): LocalizedText => {
  const read = z.object({ title: localizedText(MOST_CHARACTERS, text) }).safeParse({ title: texts });
  if (!read.success) throw invalidInput(read.error);
  return texts;
};
