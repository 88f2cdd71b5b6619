import type { View } from './controls.ts';
import { cellOf, type Facts, type Report } from './data.ts';
import { element, nameOf } from './element.ts';
import { formatCount, plainText } from './format.ts';
import { panel } from './panel.ts';
import { drawReport, nothing } from './report-table.ts';

interface PanelOf {
  readonly report: string;
  readonly title: string;
  readonly width: 'whole' | 'half';
  /** What an empty report means. */
  readonly empty: string;
  readonly leftOut?: { readonly column: string; readonly value: string };
}

/** Reports that are shown as they are, if the page has them. */
const PANELS: readonly PanelOf[] = [
  { report: 'anomalies', title: 'Unusual days', width: 'whole', empty: 'No day stands out.' },
  { report: 'current', title: 'Running now', width: 'whole', empty: 'No session was found.' },
  { report: 'budget', title: 'Budgets', width: 'whole', empty: 'No budget is set.' },
  { report: 'optimize', title: 'Savings', width: 'whole', empty: 'Nothing to save was found.' },
  { report: 'cache', title: 'Cache', width: 'whole', empty: 'No usage was found.' },
  { report: 'tools', title: 'Tools', width: 'whole', empty: 'No tool was called.' },
  { report: 'triggers', title: 'What started the agents', width: 'whole', empty: 'No usage was found.' },
  {
    report: 'blocks',
    title: 'Five-hour blocks',
    width: 'whole',
    empty: 'No block was found.',
    // silence between blocks
    leftOut: { column: 'status', value: 'gap' },
  },
  { report: 'sources', title: 'Logs', width: 'whole', empty: 'No logs were found.' },
  { report: 'doctor', title: 'Data quality', width: 'whole', empty: 'Nothing to report.' },
];

/** What exceeds its limit right now, if anything does. */
export function drawAlerts(reports: ReadonlyMap<string, Report>): HTMLElement | null {
  const alerts = reports.get('alerts');
  if (!alerts || (alerts.size === 0 && alerts.error === undefined)) return null;
  const one = { report: 'alerts', title: 'Alerts', width: 'whole', empty: '' } as const;
  return element('div', { class: 'grid' }, reportPanel(one, alerts));
}

/** Panels about everything that was read, whatever the reader chooses. */
export function drawReportPanels(reports: ReadonlyMap<string, Report>, facts: Facts): HTMLElement {
  const shown = PANELS.filter(({ report }) => reports.has(report));
  const panels = shown.map((one) => reportPanel(one, reports.get(one.report)!));
  return element(
    'div',
    { class: 'grid' },
    element('h2', { class: 'divider' }, 'Everything that was read, whatever is chosen above'),
    ...panels,
    facts.warnings.length > 0 && warnings(facts.warnings),
  );
}

function reportPanel({ report: name, title, width, empty, leftOut }: PanelOf, report: Report): HTMLElement {
  if (report.error !== undefined)
    return panel(title, width, '', nothing(`clawtrace ${name}: ${plainText(report.error)}`));
  const all = Array.from({ length: report.size }, (_, row) => row);
  const rows = leftOut ? all.filter((row) => cellOf(report, leftOut.column, row) !== leftOut.value) : all;
  const note =
    report.size < report.rowCount
      ? `${report.title} Showing ${report.size} of ${formatCount(report.rowCount)} rows.`
      : report.title;
  const content = rows.length > 0 ? drawReport(title, report, rows, 12) : nothing(empty);
  const made = panel(title, width, note, content);
  made.dataset.report = name;
  return made;
}

function warnings(texts: readonly string[]): HTMLElement {
  const items = texts.map((text) => element('li', {}, nameOf(plainText(text))));
  const made = panel('What the costs leave out', 'whole', '', element('ul', { class: 'warnings' }, ...items));
  made.dataset.report = 'warnings';
  return made;
}

/** Whether a list such as "gpt-5, gpt-5-mini" contains a name, other than as a part of another name. */
const hasName = (list: string | null, name: string): boolean => `, ${list ?? ''}, `.includes(`, ${name}, `);

/** The most expensive sessions among those on the page, for the chosen project and days. */
export function drawSessions(reports: ReadonlyMap<string, Report>, { selection, isEverything }: View): HTMLElement {
  const report = reports.get('sessions')!;
  const rows = Array.from({ length: report.size }, (_, row) => row).filter((row) => {
    const [start, end] = ['started_at', 'ended_at'].map((name) => String(cellOf(report, name, row) ?? '').slice(0, 10));
    const inDays = isEverything || (start! <= selection.to && end! >= selection.from);
    const models = cellOf(report, 'models', row) as string | null;
    const ofModel = selection.model === null || hasName(models, selection.model);
    return (
      inDays && ofModel && (selection.project === null || (cellOf(report, 'project', row) ?? '') === selection.project)
    );
  });
  const whole =
    report.size < report.rowCount
      ? `Only the ${report.size} most expensive of ${formatCount(report.rowCount)} are searched. `
      : '';
  const note = `${whole}Each with its whole cost, including other days and models.`;
  const made = panel(
    'Sessions',
    'whole',
    note,
    rows.length > 0 ? drawReport('Sessions', report, rows, 10) : nothing('None.'),
  );
  made.dataset.report = 'sessions';
  return made;
}
