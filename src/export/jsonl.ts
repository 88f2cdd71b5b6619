import { jsonValue } from '../output/sql-text.ts';
import { copy, selectAs, type Writer } from './rows.ts';

/** One JSON object a line, as --format ndjson prints it. */
export const writeJsonl: Writer = (rows, path) => copy(rows, selectAs(rows, jsonValue), path, 'format json');
