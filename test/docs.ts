import { describeParam } from '../src/request/report-params.ts';
import { OLD_PATHS } from '../src/pages/legacy-paths.ts';
import { addressOf } from '../src/pages/routes.ts';
import { viewsIn } from '../src/catalog/reads.ts';
import type { Catalog, Report } from '../src/catalog/catalog.ts';
import type { SqlFile } from '../src/catalog/sql-file.ts';
import type { Column } from '../src/catalog/column.ts';
import type { Param } from '../src/catalog/param.ts';

const LAYERS: Record<string, string> = {
  '1_sources': 'What the files say: log lines, prices, aliases, the files themselves. Rename and cast.',
  '2_responses': 'One vocabulary for all sources, and every response once.',
  '3_usage': 'The only place where tokens meet prices.',
};

/** What a header can say. catalog/tag.ts has the same tags, which a test holds against these. */
export const TAGS = [
  '| tag | meaning |',
  '|---|---|',
  '| `@column name Text. {unit, optional}` | a column; `optional`: left out of a narrow table, `if any`: left out if no row has a value. Units: `catalog/unit.ts` |',
  "| `@param name TYPE Text.`, `@argument …` | an option, an argument: BOOLEAN, INTEGER, NUMBER, DAYS or TEXT, `TEXT(a\\|b)=a` with choices and a default, `TEXT!` required. SQL reads `getvariable('param_name')`; `@replaces` takes a filter's name, `@window` names the days |",
  '| `@key a, b` | the columns that tell one row from another where `--breakdown` splits them |',
  '| `@total a`, `@top N`, `@note`, `@empty`, `@example` | totals below, most rows in a table, printed below, printed if there are no rows, an example |',
  '| `@exit CODE when CONDITION` | a row that meets the condition sets the exit code |',
  "| `@object`, `@as name` | a part whose one row gives top-level keys; a part's key in the JSON |",
  '| `@table`, `@macro parameters`, `@function parameters` | computed once per run; gives rows; gives one value |',
  '| `@lines message.usage, cwd` | a log line without any of these keys does not matter to who reads usage |',
  '| `@archived`, `@loaded`, `@history`, `@rereads`, `@mends` | the archive keeps it; loaded once for many questions; needs logs of all days; reads logs that the archive holds; goes on without damaged parts |',
];

/** sql/README.md, from the headers of the SQL files. */
export async function describeCatalog(catalog: Catalog): Promise<string> {
  return `${[
    '# The SQL of clawtrace',
    '',
    'Generated from the headers of the files by `npm test -- -u`; a test checks it.',
    '',
    'Data flows one way: sources, responses, usage, reports. A file reads its own layer and earlier ones.',
    'Its name is the name of the view. Files marked *table* are computed once per run.',
    '',
    ...TAGS,
    '',
    '`clawtrace query` can read all of them. Build on `usage`, `tool_calls`, `sessions`, `projects`, `prices` and `log_files`:',
    'their columns are stable. The others may change with any release.',
    '',
    ...Object.entries(LAYERS).flatMap(([layer, text]) => describeLayer(catalog, layer, text)),
    '## Reports: 4_reports',
    '',
    'One file is one command, one JSON shape and one section here. Columns that a report takes from a view are',
    'described at that view.',
    '',
    ...(await catalog.reports()).flatMap((report) => describeReport(report)),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function describeLayer(catalog: Catalog, layer: string, text: string): string[] {
  const files = catalog.views.filter((view) => view.layer === layer);
  return [
    `## ${layer}`,
    '',
    text,
    '',
    ...files.flatMap((file) => describeFile(file, viewsIn(file.names, catalog.views))),
  ];
}

function describeFile(file: SqlFile, reads: readonly SqlFile[]): string[] {
  const name = file.macroParams ? `${file.name}(${file.macroParams})` : file.name;
  return [
    `### ${name}${file.kind === 'table' ? ' *(table)*' : ''}`,
    '',
    file.title,
    ...(file.text ? ['', file.text] : []),
    '',
    ...(reads.length > 0 ? [`Reads: ${reads.map((read) => `\`${read.name}\``).join(', ')}.`, ''] : []),
    ...describeColumns(file.columns),
  ];
}

function describeColumns(columns: readonly Column[]): string[] {
  if (columns.length === 0) return [];
  const rows = columns.map(
    ({ name, unit, description }) => `| \`${name}\` | ${unit ?? ''} | ${description.replaceAll('|', '\\|')} |`,
  );
  return ['| column | unit | |', '|---|---|---|', ...rows, ''];
}

function describeReport(report: Report): string[] {
  const options = report.params.map((param) => `\`${optionOf(param)}\`: ${describeParam(param)}`);
  return [
    `### ${report.name}`,
    '',
    report.title,
    ...(report.text ? ['', report.text] : []),
    '',
    ...options.flatMap((option) => [option, '']),
    ...describeColumns(report.columns.filter(({ name }) => report.ownColumns.includes(name))),
    ...report.parts.flatMap((part) => [`Part \`${part.name}\`: ${part.title}`, '', ...describeColumns(part.columns)]),
    ...report.notes.flatMap((note) => [note, '']),
    ...report.examples.map((example) => `    clawtrace ${report.name} ${example}`.trimEnd()),
    '',
  ];
}

const optionOf = ({ name, isArgument }: Param): string =>
  isArgument ? name.toUpperCase() : `--${name.replaceAll('_', '-')}`;

/** The table of paths that were answered before, in the README. */
export function oldPathTable(): string {
  return [
    '| old path | answered by |',
    '|---|---|',
    ...Object.entries(OLD_PATHS).map(([path, old]) => `| \`${path}\` | \`${addressOf(old)}\` |`),
  ].join('\n');
}

/** The table of reports in the README. */
export async function reportTable(catalog: Catalog): Promise<string> {
  return [
    '| command | shows |',
    '|---|---|',
    ...(await catalog.reports()).map(({ name, title }) => `| \`${name}\` | ${title} |`),
  ].join('\n');
}
