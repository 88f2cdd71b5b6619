import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  homeWith,
  lines,
  spawnClawtrace,
  writeFile,
  zstdFrame,
} from './helpers.ts';

const response = (id: string, more: object = {}): object =>
  claudeLine({ requestId: id, message: { id }, usage: { input: 1, output: 10 }, ...more });
const text = (id: string): string => JSON.stringify(response(id));
/** A line whose content ends in the middle of an emoji, as JSON.stringify writes it. */
const halved = (id: string): string => text(id).replace('"role"', '"content":"cut \\ud83e","role"');
const bytes = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

/** Responses counted, lines repaired and lines lost, of a file with these bytes. */
const CASES: readonly (readonly [string, Buffer, number, number, number])[] = [
  ['half an emoji in what was said', bytes(text('a'), '\n', halved('b'), '\n'), 2, 0, 0],
  ['half an emoji in what is read', bytes(text('a').replace('/src/app', '/src/\\ud83e'), '\n'), 1, 1, 0],
  ['the second half of one', bytes(text('a').replace('"role"', '"content":"\\udd80 cut","role"'), '\n'), 1, 0, 0],
  [
    'a whole emoji as escapes, and an escaped backslash before what looks like one',
    bytes(text('a').replace('"role"', '"content":"\\ud83e\\udd80 \\\\ud83e","role"'), '\n', halved('b')),
    2,
    0,
    0,
  ],
  ['a byte order mark', bytes('\ufeff', text('a'), '\n', text('b'), '\n'), 2, 0, 0],
  ['512 NUL bytes between two lines', bytes(text('a'), '\n', Buffer.alloc(512), text('b'), '\n'), 2, 1, 0],
  ['NUL bytes at the end', bytes(text('a'), '\n', Buffer.alloc(512)), 1, 0, 1],
  [
    'bad UTF-8 inside a text',
    bytes(text('a').replace('"role"', '"content":"'), Buffer.from([0xff, 0xc3]), '","role":"assistant"}}\n'),
    0,
    0,
    1,
  ],
  ['bad UTF-8 in a whole line', bytes('{"x":"', Buffer.from([0xff, 0xc3]), `",${text('a').slice(1)}\n`), 1, 0, 0],
  ['two lines glued together', bytes(text('a'), text('b'), '\n'), 2, 1, 0],
  ['three of them, one with half an emoji', bytes(text('a'), halved('b'), ' ', text('c'), '\n'), 3, 1, 0],
  ['a line that breaks off', bytes(text('a'), '\n', text('b').slice(0, -20)), 1, 0, 1],
  [
    'a line that breaks off after its counts',
    bytes(text('a'), '\n', text('b').slice(0, -1), '\n', text('c'), '\n'),
    2,
    0,
    1,
  ],
  ['a whole line appended to one that broke off', bytes(text('a').slice(0, 60), text('b'), '\n'), 1, 0, 1],
  ['text after a line', bytes(text('a'), ' trailing\n'), 1, 1, 0],
  ['JSON that is no log line', bytes('42\n[1]\n{}\n"text"\nnull\n', text('a'), '\n'), 1, 0, 0],
  [
    'a line of 45 MB',
    bytes(
      text('a').replace('"role"', `"content":"${'x'.repeat(45 * 2 ** 20)}","role"`),
      '\n',
      halved('b'),
      '\n',
      text('c'),
    ),
    3,
    0,
    0,
  ],
  [
    'a line of 65 MiB, which is too long',
    bytes(text('a'), '\n', `{"x":"${'x'.repeat(65 * 2 ** 20)}"}`, '\n', text('b'), '\n'),
    2,
    0,
    1,
  ],
  ['an object over many lines', bytes(JSON.stringify(response('a'), null, 2), '\n', text('b'), '\n'), 2, 1, 0],
  [
    'a list of objects over many lines',
    bytes(JSON.stringify([response('a'), response('b')], null, 2), '\n', text('c'), '\n'),
    3,
    2,
    0,
  ],
  ['a list on one line', bytes(JSON.stringify([response('a'), response('b')]), '\n'), 2, 1, 0],
  ['UTF-16', Buffer.from(`\ufeff${text('a')}\r\n${text('b')}\r\n`, 'utf16le'), 2, 0, 0],
  [
    'names of keys in another spelling',
    bytes(text('a').replace('"usage"', String.raw`"us\u0061ge"`), '\n', text('b'), '\n'),
    2,
    0,
    0,
  ],
  [
    'blanks around everything',
    bytes(JSON.stringify(response('a'), null, '\t').replaceAll('\n', ' '), ' \r\n'),
    1,
    0,
    0,
  ],
];

describe('damaged lines', () => {
  it.each(CASES)('%s', async (_, content, responses, repaired, damaged) => {
    const home = homeWith({
      [claudePath('s1')]: content,
      [claudePath('s2')]: [response('other', { sessionId: 's2' })],
    });
    const { rows, warnings } = await ask(['sources'], { home });
    expect(rows[0]).toMatchObject({ responses: responses + 1, repaired_lines: repaired, damaged_lines: damaged });
    expect(warnings).toHaveLength(damaged > 0 ? 1 : 0);
    const { totals } = await ask(['daily'], { home });
    expect([totals.responses, totals.output_tokens]).toEqual([responses + 1, 10 * (responses + 1)]);
  });

  it('are reported with their place', async () => {
    const home = homeWith({ [claudePath('s1')]: `${text('a')}\n\n${text('b').slice(0, 90)}\n${text('c')}\n` });
    const { warnings } = await ask(['daily'], { home });
    expect(warnings).toEqual([
      expect.stringMatching(/^1 damaged log line in 1 file is not counted, the first in .*s1\.jsonl:3\.$/),
    ]);
  });

  it('are as many as the verb says', async () => {
    const home = homeWith({
      [claudePath('s1')]: `${text('b').slice(0, 90)}\n${text('c')}\n${text('d').slice(0, 90)}\n`,
    });
    const { warnings } = await ask(['daily'], { home });
    expect(warnings).toEqual([expect.stringMatching(/^2 damaged log lines in 1 file are not counted, the first in /)]);
  });

  it('keep the agent, session and file of their original', async () => {
    const home = homeWith({
      '.openclaw/agents/research/sessions/x.jsonl': `{"type":"session","version":3,"id":"x","timestamp":"2026-04-01T10:00:00Z","cwd":"/claw \\ud83e"}\n{"type":"message","id":"e","timestamp":"2026-04-01T10:00:01Z","message":{"role":"assistant","content":"\\ud83e","provider":"anthropic","model":"claude-sonnet-4-6","usage":{"input":5}}}\n`,
    });
    const { rows } = await ask(['query', 'select agent, session_id, project, file, input_tokens from usage'], { home });
    expect(rows).toEqual([
      {
        agent: 'research',
        session_id: 'x',
        project: '/claw \ufffd',
        file: join(home, '.openclaw/agents/research/sessions/x.jsonl'),
        input_tokens: 5,
      },
    ]);
  });

  it('leave no copies behind', async () => {
    const home = homeWith({ [claudePath('s1')]: `${halved('a')}\n`, 'tmp/mine': 'kept' });
    const TMPDIR = join(home, 'tmp');
    const { stdout } = await spawnClawtrace(['daily', '--json'], { home, env: { TMPDIR, TEMP: TMPDIR, TMP: TMPDIR } });
    expect(JSON.parse(stdout).totals.responses).toBe(1);
    expect(readdirSync(TMPDIR)).toEqual(['mine']);
  });
});

describe('compressed and unreadable files', () => {
  it('reads .gz and .zst, damaged lines included', async () => {
    const home = homeWith({
      [`${claudePath('a')}.gz`]: gzipSync(`${text('a')}\n${halved('b')}\n${text('t').slice(0, 50)}`),
      [`${claudePath('z')}.zst`]: zstdFrame(`${text('z')}\n${halved('y')}\n`),
    });
    const { rows } = await ask(['sources'], { home });
    expect(rows[0]).toMatchObject({ files: 2, responses: 4, repaired_lines: 0, damaged_lines: 1 });
  });

  it.each(['gz', 'zst'])('reads a .%s of several chunks to its end', async (ending) => {
    // 3 MB that hardly shrink, in frames of 30 lines
    const frames = Array.from({ length: 30 }, (_, frame) =>
      lines(
        Array.from({ length: 30 }, (__, index) =>
          response(`r${frame}-${index}`, { said: randomBytes(1500).toString('hex') }),
        ),
      ),
    );
    const pack = ending === 'gz' ? (text: string) => gzipSync(text) : zstdFrame;
    const home = homeWith({ [`${claudePath('s1')}.${ending}`]: Buffer.concat(frames.map(pack)) });
    const { totals, warnings } = await ask(['daily'], { home });
    expect([totals.responses, warnings]).toEqual([900, []]);
  });

  it('reads a packed log that breaks off as far as it goes, leaves out what is none, and says so', async () => {
    const whole = gzipSync(
      lines(Array.from({ length: 2000 }, (_, index) => response(`g${index}`, { uuid: String(Math.random()) }))),
    );
    const home = homeWith({
      [claudePath('a')]: [response('a')],
      [`${claudePath('b')}.gz`]: whole.subarray(0, whole.length >> 1),
      [`${claudePath('c')}.gz`]: 'no archive at all',
      [`${claudePath('d')}.gz`]: Buffer.concat([whole, Buffer.from('no archive any more')]),
      [`${claudePath('e')}.zst`]: Buffer.concat([zstdFrame(text('e')), Buffer.from('no frame')]),
    });
    const { rows, warnings } = await ask(['daily'], { home });
    // b breaks off half way, d only after its last line; both hold the same responses
    expect(rows[0]!.responses).toBeGreaterThan(1800);
    expect(warnings).toEqual([
      expect.stringMatching(/c\.jsonl\.gz: left out/),
      expect.stringMatching(/^3 damaged log lines in 3 files are not counted, the first in .*b\.jsonl\.gz:/),
    ]);
  });

  it('explains a response of a packed log that breaks off', async () => {
    const whole = gzipSync(`${text('req_one')}\n${text('req_two')}\n${randomBytes(9000).toString('hex')}`);
    const home = homeWith({ [`${claudePath('s1')}.gz`]: whole.subarray(0, whole.length - 2000) });
    const { log_lines, warnings } = await ask(['explain', '2026-04-01'], { home });
    expect(log_lines.map((row: { line_number: number }) => row.line_number)).toEqual([1, 2]);
    expect(warnings).toContainEqual(expect.stringMatching(/s1\.jsonl\.gz: its lines are listed up to 2, /));
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('leaves out what may not be read', async () => {
    const home = homeWith({ [claudePath('a')]: [response('a')], [claudePath('b')]: [response('b')] });
    chmodSync(join(home, claudePath('b')), 0);
    const { rows, warnings } = await ask(['daily'], { home });
    expect(rows).toMatchObject([{ responses: 1 }]);
    expect(warnings).toEqual([expect.stringContaining('b.jsonl: left out')]);
  });

  it('survives a file that is written to while it is read', async () => {
    const home = homeWith({ [claudePath('a')]: [response('a')] });
    const run = clawtrace(['daily', '--json'], { home });
    for (let index = 0; index < 50; index++) writeFile(join(home, claudePath(`n${index}`)), [response(`n${index}`)]);
    expect((await run).code).toBe(0);
  });
});
