import { describe, expect, it } from 'vitest';
import { clawtrace } from './helpers.ts';

describe('watch', () => {
  it('draws on a terminal only', async () => {
    const run = await clawtrace(['watch', 'daily', '-i', '30', '--demo']);
    expect(run).toEqual({
      code: 1,
      stdout: '',
      stderr: "clawtrace: watch needs a terminal. Without one, use 'clawtrace daily'.\n",
    });
  });

  it.each([
    [['watch', 'dayly'], "watch takes a report, and there is no report 'dayly'. Did you mean 'daily'?"],
    [['watch', 'query', 'select 1'], "watch takes a report, and there is no report 'query'."],
    [['watch', 'daily', '-i', '4'], "--interval must be 5 seconds or more, not '4'."],
    [['watch', '-i', 'soon', 'daily'], "--interval must be 5 seconds or more, not 'soon'."],
    [['watch', 'daily', '--lost', '7d'], "unknown option '--lost'."],
    [['daily', '-i', '30'], "unknown option '-i'."],
  ])('says what is wrong with %s', async (args, message) => {
    const { code, stdout, stderr } = await clawtrace(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`clawtrace: ${message}`);
  });

  it('has the options of its report', async () => {
    const { stdout } = await clawtrace(['watch', 'tools', '--help']);
    for (const option of ['-i, --interval', '--by', '--since']) expect(stdout).toContain(option);
  });
});
