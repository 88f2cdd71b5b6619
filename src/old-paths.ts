/** The report that answers a path: the first of these that there is. */
export interface OldPath {
  readonly reports: readonly string[];
  readonly params?: Readonly<Record<string, string>>;
}

/** Paths of the dashboards that came before, so that what asked them can ask here. */
export const OLD_PATHS: Readonly<Record<string, OldPath>> = {
  '/api/summary': { reports: ['summary', 'status'] },
  '/api/costs': { reports: ['costs', 'daily'] },
  '/api/models': { reports: ['models'] },
  '/api/projects': { reports: ['projects'] },
  '/api/sessions': { reports: ['sessions'] },
  '/api/anomalies': { reports: ['anomalies'] },
  '/api/alerts': { reports: ['alerts'] },
  '/api/optimize': { reports: ['optimize'] },
  '/api/stats': { reports: ['cost-report', 'status'] },
  '/api/pricing': { reports: ['prices'] },
  '/api/pricing/models': { reports: ['prices'] },
  '/api/providers': { reports: ['providers'] },
  '/api/session/current': { reports: ['current', 'sessions'] },
  '/api/usage/summary': { reports: ['summary', 'status'] },
  '/api/usage/by-model': { reports: ['models'] },
  '/api/usage/by-provider': { reports: ['providers'] },
  '/api/usage/timeline': { reports: ['daily'], params: { last: '30d' } },
  '/api/usage/hourly': { reports: ['hourly'], params: { last: '1d' } },
  '/api/usage/weekly': { reports: ['weekly'] },
  '/api/usage/weekly-by-model': { reports: ['weekly'], params: { breakdown: 'model' } },
  '/api/tools/summary': { reports: ['tools'] },
  '/api/usage/tools/summary': { reports: ['tools'] },
  '/api/sync/log': { reports: ['sources'] },
};
