import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../src/package.ts';
import { ask, ccusagePath, claudeLine, claudePath, homeWith, temporaryFolder } from './helpers.ts';

let id = 0;
/** 40,000 tokens of output of claude-opus-4-6 are $1. */
const response = (at: string, output = 40_000): object =>
  claudeLine({
    timestamp: at,
    requestId: `req_${++id}`,
    uuid: `u${id}`,
    message: { id: `msg_${id}` },
    usage: { output },
  });

const blocksAt = async (now: string, times: readonly string[], ...args: string[]) =>
  (
    await ask(['blocks', ...args], {
      home: homeWith({ [claudePath('s1')]: times.map((at) => response(at)) }),
      env: { CLAWTRACE_NOW: now },
    })
  ).rows;

const spans = (rows: Record<string, any>[]): unknown[] =>
  rows.map(({ started_at, ends_at, status, responses }) => [
    `${started_at.slice(8, 16)} ${ends_at.slice(8, 16)}`,
    status,
    responses,
  ]);

describe('blocks', () => {
  it('begin at the full hour of UTC, and last five hours', async () => {
    const times = [
      '2026-04-01T10:40:00.000Z',
      '2026-04-01T15:00:00.000Z', // the last moment of the first block
      '2026-04-01T15:00:00.001Z', // the next one begins, at 15:00
      '2026-04-01T20:30:00.000Z', // and the next: more than five hours after 15:00
      '2026-04-02T01:45:00.000Z', // more than five hours later
      '2026-04-02T01:50:00.000Z',
    ];
    const rows = await blocksAt('2026-05-01T00:00:00Z', times);
    expect(spans(rows)).toEqual([
      ['01T10:00 01T15:00', 'over', 2],
      ['01T15:00 01T20:00', 'over', 1],
      ['01T20:00 01T20:30', 'gap', 0], // silence from 15:00:00.001 on, of which the first five hours are none
      ['01T20:00 02T01:00', 'over', 1],
      ['02T01:30 02T01:45', 'gap', 0],
      ['02T01:00 02T06:00', 'over', 2],
    ]);
    // without a response just after it, the next one begins with what comes
    expect(spans(await blocksAt('2026-05-01T00:00:00Z', [times[0]!, times[1]!, '2026-04-01T16:30:00.000Z']))).toEqual([
      ['01T10:00 01T15:00', 'over', 2],
      ['01T16:00 01T21:00', 'over', 1],
    ]);
    // a zone of half hours shows the same blocks
    expect(spans(await blocksAt('2026-05-01T00:00:00Z', times, '-z', 'Asia/Kolkata'))).toEqual(spans(rows));
  });

  it('the active one burns on until it ends', async () => {
    const times = ['2026-04-01T10:10:00Z', '2026-04-01T10:40:00Z', '2026-04-01T11:10:00Z'];
    const rows = await blocksAt('2026-04-01T12:00:00Z', times);
    // 120,000 tokens and $3 in 60 minutes; 180 minutes are left: 120,000 * 4 and 3 * 4
    expect(rows).toMatchObject([
      {
        status: 'active',
        total_tokens: 120_000,
        cost: 3,
        tokens_per_minute: 2000,
        cost_per_hour: 3,
        remaining_minutes: 180,
        projected_tokens: 480_000,
        projected_cost: 12,
      },
    ]);
    // it ends at 15:00
    expect(await blocksAt('2026-04-01T14:59:59Z', times, '--active')).toHaveLength(1);
    expect(await blocksAt('2026-04-01T15:00:00Z', times, '--active')).toEqual([]);
    // a single moment has no rate
    expect(await blocksAt('2026-04-01T12:00:00Z', times.slice(0, 1))).toMatchObject([
      { status: 'active', tokens_per_minute: null, cost_per_hour: null, projected_tokens: null, projected_cost: null },
    ]);
  });

  it('in the future is none that runs', async () => {
    const rows = await blocksAt('2026-04-01T12:00:00Z', ['2026-04-01T11:30:00Z', '2026-04-02T09:30:00Z']);
    expect(rows.map((row) => row.status)).toEqual(['active', 'gap', 'ahead']);
    expect(rows[2]).toMatchObject({ remaining_minutes: null, projected_cost: null });
  });

  it('are those of Claude Code, unless another source is named, and say what is in them', async () => {
    const entry = (id: string, timestamp: string, model: string): object => ({
      type: 'message',
      id,
      timestamp,
      message: { role: 'assistant', provider: 'anthropic', model, usage: { output: 80_000 } },
    });
    const home = homeWith({
      [claudePath('s1')]: [response('2026-04-01T10:10:00Z')],
      '.openclaw/agents/main/sessions/s.jsonl': [
        entry('a', '2026-04-01T11:30:00Z', 'northwind-1'),
        entry('b', '2026-04-01T11:50:00Z', 'claude-opus-4-6'),
      ],
    });
    const shown = async (...args: string[]): Promise<unknown[]> =>
      (await ask(['blocks', ...args], { home, env: { CLAWTRACE_NOW: '2026-05-01T00:00:00Z' } })).rows.map((row) => [
        row.started_at,
        row.last_response_at,
        row.responses,
        row.models,
        row.cost,
        row.unpriced_responses,
      ]);
    expect(await shown()).toEqual([
      ['2026-04-01T10:00:00.000Z', '2026-04-01T10:10:00.000Z', 1, 'claude-opus-4-6', 1, 0],
    ]);
    expect(await shown('--source', 'openclaw')).toEqual([
      ['2026-04-01T11:00:00.000Z', '2026-04-01T11:50:00.000Z', 2, 'claude-opus-4-6, northwind-1', 2, 1],
    ]);
  });

  it('are chosen by their start, and do not depend on what is chosen', async () => {
    // the second response comes five hours after the first: no gap
    const times = ['2026-04-01T08:30:00Z', '2026-04-01T13:30:00Z', '2026-04-05T09:00:00Z'];
    const now = '2026-04-05T09:30:00Z';
    const all = [
      ['01T08:00 01T13:00', 'over', 1],
      ['01T13:00 01T18:00', 'over', 1],
      ['01T18:30 05T09:00', 'gap', 0],
      ['05T09:00 05T14:00', 'active', 1],
    ];
    expect(spans(await blocksAt(now, times, '-z', 'UTC'))).toEqual(all);
    expect(spans(await blocksAt(now, times, '--recent'))).toEqual([all[3]]);
    // three days after its start a block is recent
    expect(await blocksAt('2026-04-04T13:00:00Z', times.slice(0, 2), '--recent')).toMatchObject([
      { started_at: '2026-04-01T13:00:00.000Z' },
    ]);
    // on their own, the responses from 13:30 on would be the same; those of a later start would not
    expect(spans(await blocksAt(now, times, '-z', 'UTC', '--since', '2026-04-02'))).toEqual([all[3]]);
    expect(spans(await blocksAt(now, times, '-z', 'UTC', '--until', '2026-04-01'))).toEqual(all.slice(0, 3));
    // one that begins at midnight is of the new day
    const midnight = ['2026-04-02T00:30:00Z'];
    expect(await blocksAt(now, midnight, '-z', 'UTC', '--since', '2026-04-02')).toHaveLength(1);
    expect(await blocksAt(now, midnight, '-z', 'UTC', '--until', '2026-04-01')).toEqual([]);
  });
});

describe.runIf(ccusagePath())('the blocks of ccusage', () => {
  it('are the same on the sample logs, to the token', async () => {
    const home = temporaryFolder();
    const { stdout } = await promisify(execFile)(ccusagePath()!, ['blocks', '--offline', '--json'], {
      env: { HOME: home, USERPROFILE: home, CLAUDE_CONFIG_DIR: packagePath('test/demo/claude') },
      maxBuffer: 2 ** 26,
    });
    const theirs = (JSON.parse(stdout).blocks as Record<string, any>[])
      .filter((block) => !block.isGap)
      .map(({ startTime, endTime, tokenCounts: tokens }) => [
        startTime,
        endTime,
        tokens.inputTokens,
        tokens.outputTokens,
        tokens.cacheReadInputTokens,
        tokens.cacheCreationInputTokens,
      ]);
    const { rows } = await ask(['blocks', '--demo']);
    const ours = rows
      .filter(({ status }) => status !== 'gap')
      .map((row) => [
        row.started_at,
        row.ends_at,
        row.input_tokens,
        row.output_tokens,
        row.cache_read_tokens,
        row.cache_write_tokens,
      ]);
    expect(ours.length).toBeGreaterThan(50);
    expect(ours).toEqual(theirs);
  });
});
