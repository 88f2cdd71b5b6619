import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalog, type Catalog } from '../src/catalog/catalog.ts';
import { parseHeader } from '../src/catalog/header.ts';
import { optionName, variableName } from '../src/catalog/param.ts';
import { FILTERS, isReserved } from '../src/catalog/reserved.ts';
import type { Place } from '../src/catalog/tag.ts';
import { exportTo } from '../src/commands/export.ts';
import { reportCommand } from '../src/commands/report.ts';
import { watch } from '../src/commands/watch.ts';
import { openConnections, rows } from '../src/database/connection.ts';
import { readRequest } from '../src/request/request.ts';
import { writeArchive } from '../src/ask/write-archive.ts';
import { registeredVariables } from '../src/session/register.ts';
import {
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  homeWith,
  temporaryFolder,
  useEmptyHome,
  writeFile,
} from './helpers.ts';

useEmptyHome();

const PATH = '/reports/mine.sql';
const parse = (header: string, place: Place = 'report', sql = 'select 1 as one') =>
  parseHeader(`-- Mine.\n--\n${header}\n${sql}\n`, PATH, place);

describe('a header that is wrong is one error, where it stands', () => {
  it.each<[string, string]>([
    ['-- @colunm one One.', `${PATH}:3: there is no tag '@colunm'. Did you mean '@column'?`],
    ['-- @exmaple --last 7d', `${PATH}:3: there is no tag '@exmaple'. Did you mean '@example'?`],
    ['-- @Column one One.', `${PATH}:3: there is no tag '@Column'. Did you mean '@column'?`],
    ['-- @column one One.\n--   @whatever', `${PATH}:4: there is no tag '@whatever'. Tags: @column, @total,`],
    ['-- @top 5\n-- @top 6', `${PATH}:4: '@top 6' can be given only once.`],
    ['-- @top many', `${PATH}:3: '@top many' should be a number of rows.`],
    ['-- @top 0', `${PATH}:3: '@top 0' should be a number of rows.`],
    ['-- @rereads all of it', `${PATH}:3: '@rereads all of it' stands alone: remove what follows @rereads.`],
    ['-- @note', `${PATH}:3: '@note' is empty: something must follow it.`],
    ['-- @table', `${PATH}:3: '@table' belongs to a view, and this is a report.`],
    ['-- @object', `${PATH}:3: '@object' belongs to a part, and this is a report.`],
    ['-- @total one\n-- @total', `${PATH}:4: '@total' means no totals, but another @total names some.`],
    ['-- @exit 1 if one > 0', `${PATH}:3: '@exit 1 if one > 0' should be a code from 1 to 255, 'when'`],
    ['-- @exit 256 when one > 0', `${PATH}:3: '@exit 256 when one > 0' should be a code from 1 to 255, 'when'`],
    ['-- @window days', `${PATH}:3: '@window days' should name a parameter of the type DAYS.`],
    [
      '-- @param days DAYS=7 Days.\n-- @window dyas',
      `${PATH}:4: '@window dyas' should name a parameter of the type DAYS. Did you mean 'days'?`,
    ],
    [
      '-- @param days INTEGER=7 Days.\n-- @window days',
      `${PATH}:4: '@window days' should name a parameter of the type`,
    ],
  ])('%s', (header, message) => {
    expect(() => parse(header)).toThrow(message);
  });

  it('which may be in a part or a view', () => {
    expect(() => parse('-- @as by model', 'part')).toThrow(`${PATH}:3: '@as by model' should be a name of letters,`);
    expect(() => parse('-- @object of it', 'part')).toThrow(`${PATH}:3: '@object of it' stands alone`);
    expect(() => parse('-- @param least INTEGER Least.', 'part')).toThrow(`belongs to a report, and this is a part.`);
    expect(() => parse('-- @table daily', 'view')).toThrow(`${PATH}:3: '@table daily' stands alone`);
    expect(() => parse('-- @macro a b', 'view')).toThrow(`${PATH}:3: '@macro a b' should name its parameters,`);
    expect(() => parse('-- @table\n-- @macro a', 'view')).toThrow(
      `${PATH}:4: '@macro a' and '@table' exclude each other`,
    );
  });

  it('and tags that an empty line cuts off are not ignored', () => {
    expect(() => parse('\n-- @column one One.')).toThrow(`${PATH}:4: '@column' is not in the header`);
    expect(parse('', 'report', '-- @handle is a column\nselect 1 as one').sql).toContain('@handle');
  });

  it.each([
    ['least INTEGER=x Least.', "has an invalid default: it must be a whole number, not 'x'."],
    ['least NUMBER=1.2.3 Least.', "has an invalid default: it must be a number such as 2.5, not '1.2.3'."],
    ['days DAYS=0 Days.', "has an invalid default: it must be a number of days such as 7d or 4w, not '0'."],
    ['by TEXT(day|week)=month Step.', "has an invalid default: it must be one of day, week, not 'month'."],
    ['by TEXT(day||week) Step.', 'has an empty choice.'],
    ['least INTEGER(1|two) Least.', "has an invalid choice: it must be a whole number, not 'two'."],
    ['least INTEGER= Least.', "has an empty default: leave out '=' for none."],
    ['all BOOLEAN=true All.', 'is not possible: a BOOLEAN is an option without a value.'],
    [
      'least NUMMER Least.',
      "should be a name, one of BOOLEAN, INTEGER, NUMBER, DAYS, TEXT, and what it does. Did you mean 'NUMBER'?",
    ],
    ['least INTEGER', 'should be a name, one of'],
    ['min-usd NUMBER Least.', 'should be a name, one of'],
  ])('@param %s', (text, problem) => {
    expect(() => parse(`-- @param ${text}`)).toThrow(`${PATH}:3: '@param ${text}' ${problem}`);
  });

  it('a parameter that is there twice, as option or argument', () => {
    expect(() => parse('-- @param least INTEGER Least.\n-- @argument least TEXT Least.')).toThrow(
      `${PATH}:4: '@argument least TEXT Least.' is the second parameter 'least'.`,
    );
  });

  it.each([
    ['cost Cost. {USDD}', "has an unknown unit. Did you mean 'USD'?"],
    ['share Share. {percent}', 'has an unknown unit. Units: USD,'],
    ['cost Cost. {USD, optinal}', "should be a name, a description, and at its end perhaps '{unit}'"],
    ['cost Cost. {USD', 'should be a name,'],
    ['cost Cost. USD}', 'should be a name,'],
    ['cost Cost {USD}.', 'should be a name,'],
    ['cost Cost. {}', 'should be a name,'],
    ['cost: Cost.', 'should be a name,'],
    ['{USD}', 'should be a name,'],
  ])('@column %s', (text, problem) => {
    expect(() => parse(`-- @column ${text}`)).toThrow(`${PATH}:3: '@column ${text}' ${problem}`);
  });

  it('a column that is described twice', () => {
    expect(() => parse('-- @column one One.\n-- @column one Two.')).toThrow(
      `${PATH}:4: '@column one Two.' describes 'one' a second time.`,
    );
  });
});

describe('a header that is right', () => {
  it('says what its columns are', () => {
    const { columns } = parse(
      '-- @column cost Cost. {USD}\n-- @column name Name,\n--   long. {, optional}\n-- @column series Each day: {date, cost_usd}.\n-- @column bar Cost. {shape}\n-- @column hint Hint. {prose, if any}',
    );
    expect(columns).toEqual([
      { name: 'cost', description: 'Cost.', unit: 'USD', isOptional: false, needsValue: false },
      { name: 'name', description: 'Name, long.', unit: undefined, isOptional: true, needsValue: true },
      {
        name: 'series',
        description: 'Each day: {date, cost_usd}.',
        unit: undefined,
        isOptional: false,
        needsValue: false,
      },
      { name: 'bar', description: 'Cost.', unit: 'shape', isOptional: true, needsValue: true },
      { name: 'hint', description: 'Hint.', unit: 'prose', isOptional: false, needsValue: true },
    ]);
  });

  it('has the sentence of its first line for a title, in as many lines as that takes', () => {
    const titleOf = (source: string) => {
      const { title, text } = parseHeader(source, PATH, 'report');
      return [title, text];
    };
    expect(titleOf('-- Costs.\n-- Per day.\n--\n-- Why.\nselect 1')).toEqual(['Costs.', 'Per day.\n\nWhy.']);
    expect(titleOf('-- Costs\n-- per day. One row.\n--\n-- Why.\n-- @note N.\nselect 1')).toEqual([
      'Costs per day. One row.',
      'Why.',
    ]);
    expect(titleOf('-- Costs\n-- per day\n-- @note N.\nselect 1')).toEqual(['Costs per day', '']);
    expect(() => titleOf('select 1')).toThrow(`${PATH}:1: the first line must be a comment that says what it shows.`);
    expect(() => titleOf('-- @note N.\nselect 1')).toThrow(`${PATH}:1: the first line must be a comment`);
  });
});

describe('names of parameters', () => {
  it('cannot be those of our options, or of a filter unless that is said', () => {
    expect(() => parse('-- @param week_start TEXT Start.')).toThrow(
      `${PATH}:3: '@param week_start TEXT Start.' has the name of an option of clawtrace: choose another.`,
    );
    expect(() => parse('-- @argument help TEXT Help.')).toThrow('has the name of an option of clawtrace');
    expect(() => parse('-- @param model TEXT Model.')).toThrow(
      `${PATH}:3: '@param model TEXT Model.' has the name of a filter: choose another, or add '@replaces model' if the report should not have that filter.`,
    );
    expect(parse('-- @param model TEXT Model.\n-- @replaces model').params).toMatchObject([{ name: 'model' }]);
    expect(() => parse('-- @replaces model')).toThrow(`${PATH}:3: '@replaces model' needs a parameter`);
    expect(() => parse('-- @param least INTEGER Least.\n-- @replaces least')).toThrow(`${PATH}:4: '@replaces least'`);
  });

  it('are kept free for every option that a report can have, wherever it is asked', async () => {
    const catalog = await readCatalog();
    for (const report of await catalog.reports()) {
      const commands = [
        reportCommand(report),
        (await watch.narrow!([report.name], catalog)).command,
        (await exportTo.narrow!([report.name], catalog)).command,
      ];
      const own = report.params.map(optionName);
      const options = commands.flatMap(({ args }) => Object.keys(args)).filter((name) => !own.includes(name));
      const free = options.filter((name) => !isReserved(name) && !(FILTERS as readonly string[]).includes(name));
      expect(free, report.name).toEqual([]);
    }
  });

  it('of ours replace one filter: the model of two reports that name another one', async () => {
    const replacing = (await (await readCatalog()).reports()).flatMap(({ name, tags }) =>
      tags.filter((tag) => tag.name === 'replaces').map(({ text }) => [name, text]),
    );
    expect(replacing).toEqual([
      ['estimate', 'model'],
      ['what-if', 'model'],
    ]);
  });
});

/** Reads one report of the user's own, of one file or of parts. */
function readOwn(files: Record<string, string>): () => ReturnType<Catalog['report']> {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) writeFile(join(folder, path), text);
  return async () => (await readCatalog(folder)).report('mine');
}

describe('a report of your own is refused', () => {
  it.each([
    [
      '-- @total costs\nselect * from usage',
      "mine.sql:2: '@total costs' names 'costs', which no @column describes. Did you mean 'cost'?",
    ],
    [
      '-- @column model Model.\n-- @key modle\nselect key as model, * exclude (key) from usage_by(model)',
      "mine.sql:3: '@key modle' names 'modle', which no @column describes. Did you mean 'model'?",
    ],
    ['-- @key model\nselect model from usage', "mine.sql:2: '@key model' is only for a report that calls usage_by."],
    [
      "-- @param least INTEGER Least.\nselect *\nfrom usage\nwhere cost > getvariable('least')",
      "mine.sql:5: read the parameter 'least' as getvariable('param_least').",
    ],
    [
      "-- @param least INTEGER Least.\nselect * from usage where cost > getvariable('param_leest')",
      "mine.sql:3: getvariable('param_leest') belongs to no parameter of the report. Did you mean 'param_least'?",
    ],
  ])('%s', async (text, message) => {
    await expect(readOwn({ 'mine.sql': `-- Mine.\n${text}\n` })()).rejects.toThrow(message);
  });

  it('for a part whose name is none of SQL, or that another one has', async () => {
    const rowsFile = { 'mine/rows.sql': '-- Mine.\nselect 1 as one\n' };
    await expect(readOwn({ ...rowsFile, 'mine/by-model.sql': '-- By model.\nselect 2 as two\n' })()).rejects.toThrow(
      "by-model.sql: the name of a part has only letters, digits and underscores: 'by_model.sql'.",
    );
    await expect(
      readOwn({ ...rowsFile, 'mine/a.sql': '-- A.\nselect 2\n', 'mine/b.sql': '-- B.\n-- @as A\nselect 2\n' })(),
    ).rejects.toThrow("b.sql: there is another part 'A'. Rename it.");
  });

  it('but not for what a comment says, or for parts that it leaves out', async () => {
    expect(
      await readOwn({ 'mine.sql': '-- Mine.\n-- @total cost\nselect * -- usage_by (model)\nfrom usage\n' })(),
    ).toMatchObject({ totals: ['cost'], keys: [] });
    expect(
      await readOwn({
        'mine.sql': '-- Mine.\n-- @exit 5 when true\nselect key, cost from usage_by(model) where not is_part\n',
      })(),
    ).toMatchObject({ keys: [], exits: [{ code: 5, condition: 'true' }] });
  });
});

describe('a breakdown', () => {
  const report = (name: string): string => `.config/clawtrace/reports/${name}.sql`;

  it('is nested below its row by the keys, where they are NULL, and where another column has no unit', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        claudeLine({ usage: { input: 5 }, gitBranch: undefined }),
        claudeLine({
          usage: { input: 6 },
          gitBranch: undefined,
          requestId: 'r2',
          message: { id: 'm2', model: 'claude-sonnet-4-6' },
        }),
        claudeLine({ usage: { input: 7 }, requestId: 'r3', message: { id: 'm3' } }),
      ],
      [report('by_branch')]: `-- Tokens per branch.
-- @column branch Branch.
-- @column kind Kind.
-- @column note Said of rows only.
-- @key branch, kind
select
    key as branch,
    null::varchar as kind,
    input_tokens,
    if(is_part, null, 'row') as note,
    part,
    is_part
from usage_by(git_branch)
order by key, is_part, input_tokens
`,
    });
    const { rows: nested } = await ask(['by-branch', '--breakdown=model'], { home });
    expect(nested).toEqual([
      {
        branch: 'main',
        kind: null,
        input_tokens: 7,
        note: 'row',
        breakdown: [{ model: 'claude-opus-4-6', input_tokens: 7, note: null }],
      },
      {
        branch: null,
        kind: null,
        input_tokens: 11,
        note: 'row',
        breakdown: [
          { model: 'claude-opus-4-6', input_tokens: 5, note: null },
          { model: 'claude-sonnet-4-6', input_tokens: 6, note: null },
        ],
      },
    ]);
    const { stdout } = await clawtrace(['by-branch', '--breakdown=model', '--format', 'csv'], { home });
    expect(stdout).toBe(
      'branch,kind,model,input_tokens,note\nmain,,claude-opus-4-6,7,\n,,claude-opus-4-6,5,\n,,claude-sonnet-4-6,6,\n',
    );
  });

  it('of triggers has the parts of every row, those of a cron job too', async () => {
    const { rows: nested } = await ask(['triggers', '--demo', '--breakdown=model']);
    expect(nested.find(({ kind }) => kind === 'cron')!.last_status).toBe('ok');
    for (const row of nested)
      expect(row.breakdown.reduce((sum: number, part: { responses: number }) => sum + part.responses, 0)).toBe(
        row.responses,
      );
  });

  it('without keys is refused, and the error says how to name them', async () => {
    const home = homeWith({ [report('mine')]: '-- Mine.\nselect * from usage_by(model)\n' });
    const { code, stderr } = await clawtrace(['mine'], { home });
    expect([code, stderr]).toEqual([1, expect.stringContaining("could split its rows: add '@key a, b'")]);
  });

  it('by keys that the SQL does not select is refused', async () => {
    const home = homeWith({
      [claudePath('s1')]: [claudeLine({ usage: { input: 5 } })],
      [report('mine')]:
        '-- Mine.\n-- @column model Model.\n-- @key model\nselect cost, part, is_part from usage_by(model)\n',
    });
    const { code, stderr } = await clawtrace(['mine', '--breakdown=agent'], { home });
    expect([code, stderr]).toEqual([1, expect.stringContaining("@key names 'model', which the SQL does not select.")]);
  });
});

describe('parameters of an own report', () => {
  it('replace none of our variables, whatever they are called', async () => {
    const home = homeWith({
      [claudePath('s1')]: [claudeLine({ usage: { input: 5 }, timestamp: '2026-04-01T10:00:00Z' })],
      '.config/clawtrace/config.toml': 'machine = "desk"\n',
      '.config/clawtrace/reports/mine.sql': `-- Mine.
-- @param machine TEXT=other Another machine.
-- @param now TEXT=1999-01-01 Another day.
select
    getvariable('param_machine') as asked_machine,
    any_value(machine) as machine,
    getvariable('param_now') as asked_day,
    (select today from time_window)::varchar as today
from usage
`,
    });
    const surroundings = { home, env: { CLAWTRACE_NOW: '2026-04-02T12:00:00Z' } };
    const { rows: answered } = await ask(['mine', '--now', '2001-02-03'], surroundings);
    expect(answered).toEqual([
      { asked_machine: 'other', machine: 'desk', asked_day: '2001-02-03', today: '2026-04-02' },
    ]);
  });
});

describe('every variable that our SQL reads', async () => {
  const catalog = await readCatalog();
  const reports = await catalog.reports();
  const files = [...catalog.views, ...reports.flatMap((report) => [report, ...report.parts])];

  it('is set by a session, by the archive, or by a parameter', async () => {
    const request = readRequest({ demo: true }, catalog);
    await writeArchive(request, temporaryFolder(), { isDryRun: true });
    const known = await Promise.all(openConnections().map((open) => rows(open, 'select name from duckdb_variables()')));
    const set = new Set([
      ...Object.keys(registeredVariables(request, [], false, false)),
      ...known.flat().map(({ name }) => name as string),
      ...reports.flatMap(({ params }) => params.map(({ name }) => variableName(name))),
    ]);
    for (const { path, sql, exits } of files) {
      const texts = [sql, ...exits.map(({ condition }) => condition)];
      const read = texts.flatMap((text) => [...text.matchAll(/getvariable\('([^']+)'\)/g)].map((match) => match[1]!));
      expect(
        read.filter((name) => !set.has(name)),
        path,
      ).toEqual([]);
    }
  });

  it('is named in the text, so that the test above sees it', () => {
    for (const { path, sql } of files) expect(sql, path).not.toMatch(/getvariable\((?!'\w+'\))/i);
  });
});
