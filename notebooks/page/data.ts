export type Cell = string | number | boolean | null | readonly string[];

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly unit: string | null;
  readonly description: string | null;
}

/** Rows of a report, column by column: the page may hold fewer than the report has. */
export interface Table {
  readonly columns: readonly Column[];
  readonly size: number;
  readonly rowCount: number;
  readonly values: ReadonlyMap<string, readonly Cell[]>;
}

export interface Report extends Table {
  readonly title: string;
  readonly text: string;
  /** Why it has no rows, if it could not be computed. */
  readonly error: string | undefined;
  readonly parts: ReadonlyMap<string, Table>;
}

export interface Facts {
  readonly version: string;
  /** The current day and minute in the zone of the days. */
  readonly today: string;
  readonly made_at: string;
  readonly timezone: string;
  readonly week_start: 'monday' | 'sunday';
  readonly is_demo: boolean;
  /** The filters of the command line, if any. */
  readonly narrowed: Readonly<Record<string, string | number | readonly string[]>>;
  readonly prices: { readonly version: string; readonly rows: number };
  readonly files: number;
  readonly warnings: readonly string[];
}

type PackedColumn = readonly Cell[] | { readonly names: readonly Cell[]; readonly codes: readonly (number | null)[] };

interface PackedTable {
  readonly row_count: number;
  readonly columns: readonly Column[];
  readonly values: readonly PackedColumn[];
}

type PackedReport = PackedTable & {
  readonly title: string;
  readonly text: string;
  readonly error?: string;
  readonly parts?: Readonly<Record<string, PackedTable>>;
};

/** Reads what the page was written with. */
export function readData(): { facts: Facts; reports: ReadonlyMap<string, Report> } {
  const { reports, ...facts } = JSON.parse(document.getElementById('data')!.textContent!) as Facts & {
    reports: Record<string, PackedReport>;
  };
  return { facts, reports: new Map(Object.entries(reports).map(([name, packed]) => [name, unpackReport(packed)])) };
}

function unpackReport({ title, text, error, parts = {}, ...rows }: PackedReport): Report {
  const unpacked = error === undefined ? unpack(rows) : { columns: [], size: 0, rowCount: 0, values: new Map() };
  return {
    ...unpacked,
    title,
    text,
    error,
    parts: new Map(Object.entries(parts).map(([name, part]) => [name, unpack(part)])),
  };
}

function unpack({ row_count, columns, values }: PackedTable): Table {
  const cells = values.map((column) =>
    'codes' in column ? column.codes.map((code) => (code === null ? null : column.names[code]!)) : column,
  );
  return {
    columns,
    size: cells[0]?.length ?? 0,
    rowCount: row_count,
    values: new Map(columns.map(({ name }, index) => [name, cells[index]!])),
  };
}

/** One cell. */
export const cellOf = (table: Table, column: string, row: number): Cell => table.values.get(column)?.[row] ?? null;

/** The row whose first cell is the given name. */
export const rowNamed = (table: Table, name: string): number =>
  table.values.get(table.columns[0]?.name ?? '')?.indexOf(name) ?? -1;
