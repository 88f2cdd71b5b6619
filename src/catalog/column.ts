import { suggestion } from '../suggestion.ts';
import { refuse, type Tag } from './tag.ts';
import { UNIT_NAMES, unitOf } from './unit.ts';

export interface Column {
  readonly name: string;
  readonly description: string;
  readonly unit: string | undefined;
  /** Left out of a table that would not fit the terminal. */
  readonly isOptional: boolean;
  /** Left out of a table where no row has a value. */
  readonly needsValue: boolean;
}

/** The columns that a header describes. */
export function parseColumns(tags: readonly Tag[]): Column[] {
  const columns: Column[] = [];
  for (const tag of tags.filter(({ name }) => name === 'column')) {
    const column = parseColumn(tag);
    if (columns.some(({ name }) => name === column.name)) refuse(tag, `describes '${column.name}' a second time.`);
    columns.push(column);
  }
  return columns;
}

const SHAPE =
  "should be a name, a description, and at its end perhaps '{unit}', '{unit, optional}' or '{unit, if any}'.";

/** name Description. {unit, optional}; the unit may be empty where something follows it. */
function parseColumn(tag: Tag): Column {
  const match =
    /^([\p{L}_][\p{L}\p{N}_]*)(?:\s+(.*?))??(?:\s*\{\s*([^{},]*?)\s*(?:,\s*(optional|if any)\s*)?\})?$/u.exec(tag.text);
  const [, name, description = '', unit, note] = match ?? [];
  if (name === undefined || (unit === '' && note === undefined) || hasStrayBraces(description)) refuse(tag, SHAPE);
  if (unit && !UNIT_NAMES.includes(unit))
    refuse(tag, `has an unknown unit.${suggestion(unit, UNIT_NAMES) || ` Units: ${UNIT_NAMES.join(', ')}.`}`);
  const { isShape } = unitOf(unit);
  return {
    name,
    description,
    unit: unit || undefined,
    isOptional: note === 'optional' || Boolean(isShape),
    needsValue: note !== undefined || Boolean(isShape),
  };
}

/** A description may contain braces, but none that were meant as its unit: at its end, unclosed, or around a unit. */
function hasStrayBraces(description: string): boolean {
  const inner = [...description.matchAll(/\{\s*([^{},]*?)\s*(?:,\s*(?:optional|if any)\s*)?\}/g)];
  const rest = description.replaceAll(/\{[^{}]*\}/g, '');
  return /[{}]/.test(rest) || description.endsWith('}') || inner.some(([, word]) => UNIT_NAMES.includes(word!));
}
