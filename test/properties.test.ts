import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, homeWith } from './helpers.ts';

/** One response as its agent sees it: what a correct reader must find, however it is logged. */
interface Truth {
  readonly session: number;
  readonly input: number;
  readonly output: number;
  readonly read: number;
  readonly write: number;
  /** How many lines repeat it, while its output grows. */
  readonly blocks: number;
  readonly hasRequest: boolean;
}

/** What happens to the files. */
interface Accidents {
  readonly forks: readonly number[];
  readonly splits: boolean;
  readonly reversed: boolean;
  readonly doubled: boolean;
  readonly halvedEmoji: boolean;
  readonly tornTail: boolean;
}

const truths = fc.array(
  fc.record<Truth>({
    session: fc.integer({ min: 0, max: 2 }),
    input: fc.integer({ min: 0, max: 1000 }),
    output: fc.integer({ min: 1, max: 3000 }),
    read: fc.integer({ min: 0, max: 100_000 }),
    write: fc.integer({ min: 0, max: 5000 }),
    blocks: fc.integer({ min: 1, max: 3 }),
    hasRequest: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

const accidents = fc.record<Accidents>({
  forks: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
  splits: fc.boolean(),
  reversed: fc.boolean(),
  doubled: fc.boolean(),
  halvedEmoji: fc.boolean(),
  tornTail: fc.boolean(),
});

/** The lines of a session, each block with a uuid and a time of its own. */
function linesOf(responses: readonly Truth[], session: number): object[] {
  return responses.flatMap((response, index) =>
    response.session !== session
      ? []
      : Array.from({ length: response.blocks }, (_, block) =>
          claudeLine({
            sessionId: `s${session}`,
            requestId: response.hasRequest ? `req_${index}` : undefined,
            uuid: `u${index}-${block}`,
            timestamp: new Date(Date.UTC(2026, 3, 1, 10, index, block)).toISOString(),
            message: { id: `msg_${index}` },
            usage: {
              input: response.input,
              output: block === response.blocks - 1 ? response.output : 1,
              read: response.read,
              write1h: response.write,
            },
          }),
        ),
  );
}

function logs(
  responses: readonly Truth[],
  { forks, splits, reversed, doubled, halvedEmoji, tornTail }: Accidents,
): Record<string, string> {
  const files: Record<string, object[]> = {};
  for (const session of [0, 1, 2]) {
    const all = linesOf(responses, session);
    const half = all.length >> 1;
    files[claudePath(`s${session}`)] = splits ? all.slice(half) : all;
    if (splits) files[claudePath(`s${session}`, '-moved')] = all.slice(0, half);
    if (forks.includes(session))
      files[claudePath(`fork${session}`)] = all.map((line) => ({
        ...line,
        sessionId: `fork${session}`,
        forkedFrom: { sessionId: `s${session}` },
      }));
    if (doubled) files[claudePath(`copy${session}`, '-copy')] = all;
  }
  return Object.fromEntries(
    Object.entries(files).map(([path, records]) => {
      const texts = (reversed ? [...records].reverse() : records).map((record) => JSON.stringify(record));
      if (halvedEmoji && texts[0]) texts[0] = texts[0].replace('"role"', '"content":"\\ud83e","role"');
      return [
        path,
        texts.map((text) => `${text}\n`).join('') + (tornTail ? '{"type":"assistant","message":{"usage":{"input' : ''),
      ];
    }),
  );
}

describe('whatever happens to the files', () => {
  it('the sums are those of the responses', async () => {
    await fc.assert(
      fc.asyncProperty(truths, accidents, async (responses, what) => {
        const { totals } = await ask(['daily'], { home: homeWith(logs(responses, what)) });
        const sum = (count: (truth: Truth) => number): number =>
          responses.reduce((total, truth) => total + count(truth), 0);
        expect([
          totals.responses,
          totals.input_tokens,
          totals.output_tokens,
          totals.cache_read_tokens,
          totals.cache_write_tokens,
        ]).toEqual([
          responses.length,
          sum((truth) => truth.input),
          sum((truth) => truth.output),
          sum((truth) => truth.read),
          sum((truth) => truth.write),
        ]);
      }),
      { numRuns: 40, seed: 20261123 },
    );
  });

  it('the place of a response is that of its earliest line, and no copy changes a byte of a report', async () => {
    await fc.assert(
      fc.asyncProperty(truths, async (responses) => {
        const still = {
          forks: [],
          splits: false,
          reversed: false,
          doubled: false,
          halvedEmoji: false,
          tornTail: false,
        };
        const plain = logs(responses, still);
        const twice = {
          ...plain,
          ...Object.fromEntries(
            Object.entries(plain).map(([path, text]) => [path.replace('-src-app', '-zz-copy'), text]),
          ),
        };
        const rows = async (files: Record<string, string>) => (await ask(['sessions'], { home: homeWith(files) })).rows;
        expect(await rows(twice)).toEqual(await rows(plain));
      }),
      { numRuns: 15, seed: 20261123 },
    );
  });
});
