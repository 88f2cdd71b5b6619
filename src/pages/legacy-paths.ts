/** The report that answers a path. */
export interface OldPath {
  readonly report: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** Paths of the earlier dashboards, so that their clients keep working. */
export const OLD_PATHS: Readonly<Record<string, OldPath>> = {
  '/api/summary': { report: 'summary' },
  '/api/costs': { report: 'costs' },
  '/api/models': { report: 'models' },
  '/api/projects': { report: 'projects' },
  '/api/sessions': { report: 'sessions' },
  '/api/anomalies': { report: 'anomalies' },
  '/api/alerts': { report: 'alerts' },
  '/api/optimize': { report: 'optimize' },
  '/api/stats': { report: 'cost-report' },
  '/api/pricing': { report: 'prices' },
  '/api/pricing/models': { report: 'prices' },
  '/api/providers': { report: 'providers' },
  '/api/session/current': { report: 'current' },
  '/api/usage/summary': { report: 'summary' },
  '/api/usage/by-model': { report: 'models' },
  '/api/usage/by-provider': { report: 'providers' },
  '/api/usage/timeline': { report: 'daily', params: { last: '30d' } },
  '/api/usage/hourly': { report: 'hourly', params: { last: '1d' } },
  '/api/usage/weekly': { report: 'weekly' },
  '/api/usage/weekly-by-model': { report: 'weekly', params: { breakdown: 'model' } },
  '/api/tools/summary': { report: 'tools' },
  '/api/usage/tools/summary': { report: 'tools' },
  '/api/sync/log': { report: 'sources' },
};
