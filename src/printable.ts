/** What steers a terminal: control characters, and those that turn the direction of text. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text from a log or a file, which must not be able to steer the terminal. */
export const printable = (text: string): string => text.replaceAll(STEERING, '\ufffd');
