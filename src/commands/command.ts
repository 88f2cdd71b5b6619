import { defineCommand, renderUsage, type ArgsDef, type CommandDef } from 'citty';
import type { Values } from '../request/arguments.ts';
import type { Catalog } from '../catalog/catalog.ts';

/** A verb of the command line. citty describes it; arguments are parsed strictly (parseStrict). */
export interface Command {
  readonly name: string;
  /** First line: what it shows or does, for the list of commands. */
  readonly description: string;
  readonly args: ArgsDef;
  /** Verbs of its own, which follow its name. */
  readonly actions?: readonly Command[];
  readonly run: (values: Values, catalog: Catalog) => Promise<void> | void;
  /** SQL among its arguments may begin with a comment, which looks like an option. */
  readonly takesSql?: boolean;
  /** The command that the first argument selects, and the arguments that are left. */
  readonly narrow?: (args: readonly string[], catalog: Catalog) => Promise<Narrowed>;
}

/** A command, and what is left of the arguments once it is known. */
export interface Narrowed {
  readonly command: Command;
  readonly args: readonly string[];
}

export function usageOf({ name, description, args }: Command): Promise<string> {
  const root = defineCommand({ meta: { name: 'clawtrace' } });
  return renderUsage(defineCommand({ meta: { name, description }, args }) as CommandDef, root as CommandDef);
}
