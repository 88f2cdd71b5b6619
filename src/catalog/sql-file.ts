import type { Names } from '../database/names.ts';
import type { SqlText } from './header.ts';

/** One SQL file: what its header says, its one SELECT, and what that names. */
export interface SqlFile extends SqlText {
  readonly names: Names;
}
