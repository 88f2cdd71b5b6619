import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { DEFAULT_ENCODING, modelToEncodingMap } from 'gpt-tokenizer/mapping';
import * as models from 'gpt-tokenizer/models';

/** Needs megabytes of tables: a bundle of its own, loaded only when tokens are counted. */
const COUNTERS: Record<string, typeof countO200k> = {
  cl100k_base: countCl100k,
  o200k_base: countO200k,
  // the same tokens, and more special ones, which no text contains
  o200k_harmony: countO200k,
};

/** The tokenizer takes a run of letters or signs for one word, in time that grows with the square of its length. */
const ENDLESS_WORD = /\p{L}{5000}|\s{5000}|[^\s\p{L}\p{N}]{5000}/u;

/** Tokens of a text, and the tokenizer that counted them. Undefined where the model's is not public. */
export function countTokens(text: string, model: string): { tokens: number; tokenizer: string } | undefined {
  if (!Object.hasOwn(models, model) || ENDLESS_WORD.test(text)) return undefined;
  const tokenizer = (modelToEncodingMap as Record<string, string>)[model] ?? DEFAULT_ENCODING;
  const count = COUNTERS[tokenizer];
  return count && { tokens: count(text, { disallowedSpecial: new Set() }), tokenizer };
}
