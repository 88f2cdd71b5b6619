import type { CheckedArchive } from '../archive/parts.ts';
import { archiveVariables, readingVersions } from '../archive/reading.ts';
import { variableName, type Param } from '../catalog/param.ts';
import type { Variable } from '../database/variables.ts';
import type { Request } from '../request/request.ts';
import { type Config } from '../settings/config.ts';
import { ownPriceFile } from '../settings/folders.ts';

const SQL_TYPES: Record<Param['type'], string> = {
  boolean: 'boolean',
  integer: 'integer',
  number: 'decimal(18, 6)',
  days: 'integer',
  text: 'varchar',
};

/** What is asked for, and when it is. */
export function questionVariables({ selection, params, paramTypes, ...request }: Request): Record<string, Variable> {
  const filters = Object.entries(selection.filters).map(([name, values]) => [`${name}_filter`, [values, 'varchar[]']]);
  const own = paramTypes.map(({ name, type }) => [variableName(name), [params[name], SQL_TYPES[type]]]);
  return {
    now: [request.now.toISOString(), 'timestamptz'],
    week_start: [request.weekStart, 'varchar'],
    breakdown: [request.breakdown, 'varchar'],
    since: [selection.since, 'varchar'],
    until: [selection.until, 'varchar'],
    last_days: [selection.last_days, 'integer'],
    before_days: [selection.before_days, 'integer'],
    ...(Object.fromEntries([...filters, ...own]) as Record<string, Variable>),
  };
}

/** What holds for every question: the archive, and the settings of the user. */
export function settingVariables(request: Request, archives: readonly CheckedArchive[]): Record<string, Variable> {
  return {
    ...archiveVariables(archives, readingVersions(request.catalog), request.places),
    ...limits(request.config),
    own_prices: [ownPriceFile(), 'varchar'],
    machine: [request.config.machine, 'varchar'],
  };
}

/** Thresholds, budgets and the plan of the config file. A rule that is turned off is NULL. */
function limits({ alerts, budget, plan }: Config): Record<string, Variable> {
  const thresholds = Object.entries(alerts).map(([rule, value]) => [
    `alerts_${rule}`,
    [value === false ? null : value, SQL_TYPES.number],
  ]);
  return {
    ...(Object.fromEntries(thresholds) as Record<string, Variable>),
    budget_monthly: [budget.monthly, SQL_TYPES.number],
    budget_daily: [budget.daily, SQL_TYPES.number],
    budget_projects: [budget.projects, `map(varchar, ${SQL_TYPES.number})`],
    budget_agents: [budget.agents, `map(varchar, ${SQL_TYPES.number})`],
    plan_name: [plan.name, 'varchar'],
    plan_monthly_usd: [plan.monthly_usd, SQL_TYPES.number],
    plan_since: [plan.since, 'varchar'],
  };
}
