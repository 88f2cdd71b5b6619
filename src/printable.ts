/** Scripts whose letters are joined, or kept apart, by characters without a width. */
const JOINING = [
  'Arabic',
  'Bengali',
  'Devanagari',
  'Gujarati',
  'Gurmukhi',
  'Kannada',
  'Khmer',
  'Malayalam',
  'Mongolian',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Syriac',
  'Tamil',
  'Telugu',
]
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/** What belongs to the text that people see: emoji as Unicode lists them, and joiners within such a script. */
const SEEN = `\\p{RGI_Emoji}|\\p{Extended_Pictographic}[\\ufe0e\\ufe0f]|(?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])`;

/**
 * What steers a terminal or cannot be seen: control characters, ends of lines, what turns the direction of text,
 * characters without a width, tags. Unicode calls most of them ignorable.
 */
const UNSEEN =
  '[\\p{Control}\\p{Line_Separator}\\p{Paragraph_Separator}\\p{Default_Ignorable_Code_Point}\\ufff9-\\ufffb]';

let parts: RegExp | undefined;
/** Most texts: ASCII, Latin letters and the lines of tables, where nothing is unseen. Looking closely takes long. */
const IS_PLAIN = /^[ -~\u00a1-\u00ac\u00ae-\u024f\u2026\u2500-\u259f]*$/;

/** A text from a log, a file or the user, safe for one line of a terminal: it can neither steer it nor break the line. */
export function printable(text: string): string {
  if (IS_PLAIN.test(text)) return text;
  parts ??= new RegExp(`${SEEN}|(${UNSEEN})`, 'gv');
  return text.replace(parts, (part, unseen?: string) => (unseen ? '\ufffd' : part));
}

export const isPrintable = (text: string): boolean => printable(text) === text;
