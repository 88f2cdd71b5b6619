import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Values } from '../request/arguments.ts';
import type { Catalog, Report } from '../catalog/catalog.ts';
import { rows } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { toPacked, type Excerpt } from '../output/packed.ts';
import { packagePath, packageVersion } from '../package.ts';
import { runReports } from '../ask/report.ts';
import type { Session } from '../session/session.ts';

const SUMS = ['responses', 'total_tokens', 'cost', 'unpriced_responses'];

/** Reports that the page shows, where the catalogue has them. */
const SHOWN: Readonly<Record<string, Excerpt>> = {
  pace: {},
  status: {},
  projected: {},
  budget: { columns: ['scope', 'name', 'period', 'spent', 'budget', 'percent_used', 'remaining', 'projected'] },
  alerts: { columns: ['severity', 'message', 'value', 'threshold', 'ratio', 'acknowledged'] },
  current: {
    columns: [
      'session_id',
      'project',
      'agent',
      'is_running',
      'started_at',
      'last_at',
      'message_count',
      'total_tokens',
      'cost',
      'context_share',
    ],
  },
  anomalies: {
    columns: [
      'date',
      'severity',
      'expected_cost',
      'actual_cost',
      'pct_over',
      'top_model',
      'top_project',
      'top_session',
    ],
  },
  rollup: {
    columns: [
      'day',
      'project',
      'model',
      'agent',
      'provider',
      'source',
      'responses',
      'input_tokens',
      'output_tokens',
      'cache_read_tokens',
      'cache_write_tokens',
      'cost',
      'unpriced_responses',
    ],
    parts: ['hours'],
  },
  sessions: { columns: ['session_id', 'project', 'source', 'started_at', 'ended_at', 'models', ...SUMS], first: 200 },
  tools: { columns: ['tool', 'category', 'calls', 'errors', 'error_percent', 'cost', 'full_cost'], first: 100 },
  triggers: { columns: ['source', 'kind', 'name', 'runs', 'failed_runs', 'last_status', ...SUMS], first: 100 },
  cache: {
    columns: [
      'model',
      'hit_percent',
      'cache_read_tokens',
      'saved_by_reads',
      'write_5m_overhead',
      'write_1h_overhead',
      'net_savings',
    ],
  },
  optimize: {
    columns: [
      'type',
      'severity',
      'project',
      'current_model',
      'suggested_model',
      'current_cost',
      'estimated_savings',
      'affected_requests',
      'message',
    ],
    first: 60,
  },
  blocks: {
    columns: ['started_at', 'status', 'total_tokens', 'cost', 'cost_per_hour', 'remaining_minutes', 'projected_cost'],
    last: 60,
  },
  sources: {},
  doctor: { columns: ['source', 'finding', 'count', 'detail'], first: 200 },
};

/** The page with all its figures: one file that needs nothing else. */
export async function makePage(values: Values, catalog: Catalog): Promise<string> {
  const found = await Promise.all(Object.keys(SHOWN).map((name) => catalog.report(name)));
  const reports = found.map((report) => report!);
  const packed: string[] = [];
  const session = await runReports(reports, values, catalog, async ({ connection }, report, shown) => {
    packed.push(`${JSON.stringify(report.name)}:${await pack(report, shown, connection)}`);
  });
  return html(`{${await facts(session)},\n"reports":{\n${packed.join(',\n')}\n}}`);
}

async function pack(
  report: Report,
  shown: Parameters<typeof toPacked>[1] | ClawtraceError,
  connection: Session['connection'],
): Promise<string> {
  const about = JSON.stringify({ title: report.title, text: report.text }).slice(0, -1);
  if (shown instanceof ClawtraceError) return `${about},"error":${JSON.stringify(shown.message)}}`;
  return `${about},${(await toPacked(connection, shown, SHOWN[report.name]!)).slice(1)}`;
}

/** What holds for the whole page: when and from what it was made. */
async function facts({ request, prices, found, warnings, connection }: Session): Promise<string> {
  const { filters, ...window } = request.selection;
  const [clock] = await rows(
    connection,
    `select getvariable('now')::date::varchar as today, strftime(getvariable('now'), '%Y-%m-%d %H:%M') as made_at`,
  );
  return JSON.stringify({
    version: packageVersion(),
    ...clock,
    timezone: request.timezone,
    week_start: request.weekStart,
    is_demo: request.isDemo,
    narrowed: Object.fromEntries(Object.entries({ ...window, ...filters }).filter(([, value]) => value !== null)),
    prices,
    files: found.files.length,
    warnings,
  }).slice(1, -1);
}

function html(data: string): string {
  const script = readFileSync(packagePath('dist/page.js'), 'utf8').trim();
  const style = readFileSync(packagePath('dist/page.css'), 'utf8').trim();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>clawtrace: what your AI coding agents cost</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page draws its figures with a script of its own, which is turned off here.</noscript>
<script type="application/json" id="data">${data.replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`;
}

/**
 * Nothing is loaded, sent or framed, and no script runs but the page's own. Styles are allowed, because the
 * charts bring their own: with no address allowed, they cannot send anything.
 */
function policy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}
