import type { Connection } from './connection.ts';

/** A value and its SQL type. */
export type Variable = readonly [value: unknown, type: string];

/** Sets variables that SQL reads with getvariable(), in one go. */
export async function setVariables(
  connection: Connection,
  variables: Readonly<Record<string, Variable>>,
): Promise<void> {
  await connection.run(variableStatements(variables).join(';\n'));
}

export function variableStatements(variables: Readonly<Record<string, Variable>>): string[] {
  return Object.entries(variables).map(
    ([name, [value, type]]) => `set variable "${name}" = ${typedLiteral(value, type)}`,
  );
}

/** A text as SQL writes it. */
export const literalOf = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function typedLiteral(value: unknown, type: string): string {
  if (value === null || value === undefined) return `null::${type}`;
  const text = literalOf(typeof value === 'object' ? JSON.stringify(value) : String(value));
  if (typeof value !== 'object') return `${text}::${type}`;
  return `from_json(${text}::json, '${JSON.stringify(type.endsWith('[]') ? [type.slice(0, -2)] : type)}')`;
}
