import { claudeLine, claudePath } from './helpers.ts';

/** Names that want to be more than names. */
export const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  '\u202egnp.exe',
  'مشروع',
  '🦞 <b>bold</b>',
  "'; drop table usage; --",
  '"quoted", and & more',
];

/** A response for each hostile name, as model, project, branch, agent and session at once; each costs nothing known. */
export const hostileLogs = (): Record<string, object[]> =>
  Object.fromEntries(
    HOSTILE.map((name, index) => [
      claudePath(`s${index}`, `-src-${index}`),
      [
        claudeLine({
          message: { id: `msg_${index}`, model: name },
          requestId: `req_${index}`,
          sessionId: `${name}-${index}`,
          cwd: `/src/${name}`,
          gitBranch: name,
          timestamp: `2026-04-0${(index % 9) + 1}T10:00:00Z`,
          usage: { input: 10 },
        }),
      ],
    ]),
  );
