import { makeControls, type View } from './controls.ts';
import { readData } from './data.ts';
import { element } from './element.ts';
import { drawHeader, drawFooter } from './header.ts';
import { drawHeadlines } from './headlines.ts';
import { drawAlerts, drawReportPanels, drawSessions } from './panels.ts';
import { drawBreakdowns, drawHeatMap, drawTotals, drawTrend, unusualDays } from './selected.ts';
import { chosenRows, readUsage, type Usage } from './usage.ts';

const { facts, reports } = readData();
const usage = readUsage(reports.get('rollup')!);
const selected = element('div', { class: 'grid' });
const controls = makeControls(usage, facts.today, draw);
const main = element(
  'main',
  {},
  drawHeadlines(reports),
  drawAlerts(reports),
  controls.form,
  selected,
  drawReportPanels(reports, facts),
);
document.body.append(drawHeader(facts, reports), main, drawFooter(facts));
draw(controls.view());
redrawOnResize();

/** Draws what the reader chose. */
function draw(view: View): void {
  const rows = chosenRows(usage.table, view.selection, view.isEverything);
  const width = Math.max(280, selected.clientWidth || main.clientWidth);
  selected.replaceChildren(drawTotals(usage, rows, view), ...(rows.length > 0 ? drawn(usage, rows, view, width) : []));
}

function drawn(all: Usage, rows: readonly number[], view: View, width: number): HTMLElement[] {
  return [
    drawTrend(all, rows, view, { weekStart: facts.week_start, unusual: unusualDays(reports, view), width }),
    ...drawBreakdowns(all, rows),
    drawHeatMap(all, view, facts.week_start, width),
    drawSessions(reports, view),
  ];
}

/** Charts are as wide as the page: only a change of width redraws them. */
function redrawOnResize(): void {
  let width = main.clientWidth;
  let timer = 0;
  new ResizeObserver(() => {
    if (main.clientWidth === width) return;
    width = main.clientWidth;
    clearTimeout(timer);
    timer = window.setTimeout(() => draw(controls.view()), 150);
  }).observe(main);
}
