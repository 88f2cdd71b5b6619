import stringWidth from 'string-width';

export interface Terminal {
  /** Columns of the terminal; undefined if the output is not one. */
  readonly width: number | undefined;
  readonly hasColor: boolean;
}

/** A text in lines of at most this width, broken between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.match(new RegExp(`\\S{1,${width}}`, 'g')) ?? []) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (stringWidth(longer) <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
