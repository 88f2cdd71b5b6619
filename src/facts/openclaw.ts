import { cronRuns, indexedSessions, locks } from '../sources/openclaw-index.ts';
import { openclaw } from '../sources/source.ts';
import type { Context, Fact } from './fact.ts';

const logsOf = ({ files }: Context): string[] =>
  files.filter(({ source }) => source === openclaw.name).map(({ path }) => path);

/** What OpenClaw's index and its databases say about their sessions. */
export const openclawSessions: Fact = {
  isOfFiles: true,
  readsDatabases: true,
  tables: {
    found_sessions: {
      agent: 'varchar',
      session_id: 'varchar',
      session_key: 'varchar',
      channel: 'varchar',
      created_via: 'varchar',
      is_heartbeat: 'boolean',
      is_current: 'boolean',
    },
  },
  find: (context) => ({ found_sessions: [...context.inDatabases, ...indexedSessions(logsOf(context), context.say)] }),
};

/** Runs of OpenClaw's cron jobs. */
export const openclawCronRuns: Fact = {
  isOfFiles: true,
  tables: {
    found_cron_runs: {
      job_id: 'varchar',
      job_name: 'varchar',
      agent: 'varchar',
      session_id: 'varchar',
      session_key: 'varchar',
      status: 'varchar',
      ran_ms: 'bigint',
      finished_ms: 'bigint',
      duration_ms: 'bigint',
      model: 'varchar',
      total_tokens: 'bigint',
    },
  },
  find: (context) => ({ found_cron_runs: cronRuns(logsOf(context), context.say) }),
};

/** Sessions that OpenClaw has open now. */
export const openclawLocks: Fact = {
  isOfFiles: true,
  tables: { found_locks: { agent: 'varchar', session_id: 'varchar', locked_at: 'timestamptz' } },
  find: (context) => ({ found_locks: locks(logsOf(context), context.say) }),
};
