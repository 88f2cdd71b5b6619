import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hostsOf } from '../src/pages/server.ts';
import { Workers } from '../src/pages/workers.ts';
import { browserPath, openBrowser, visit } from './browser.ts';
import { CLI, clawtrace, environment, temporaryFolder, writeFile } from './helpers.ts';

interface Served {
  readonly address: string;
  readonly home: string;
  readonly child: ChildProcess;
  /** The exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  readonly stderr: () => string;
  /** Where it may leave temporary files. */
  readonly temporary: string;
}

/** Starts the server on any free port, over the demo's logs. Whoever starts one ends it. */
async function serve(): Promise<Served> {
  const [home, temporary] = [temporaryFolder(), temporaryFolder()];
  const child = spawn(process.execPath, [CLI, 'serve', '--demo', '--port', '0'], {
    env: environment(home, { TMPDIR: temporary, TEMP: temporary, CLAWTRACE_THREADS: '1' }),
  });
  const exited = new Promise<number | NodeJS.Signals>((done) =>
    child.once('exit', (code, signal) => done(signal ?? code!)),
  );
  let stderr = '';
  const address = await new Promise<string>((done, fail) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const found = /http:\S+/.exec(stderr)?.[0];
      if (found) done(found);
    });
    child.once('exit', () => fail(new Error(stderr)));
  });
  return { address, home, child, exited, stderr: () => stderr, temporary };
}

/** A GET with headers that fetch does not let through. */
function get(
  address: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    const asked = request(address, { headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => done({ status: response.statusCode!, body }));
    });
    asked.on('error', fail).end();
  });
}

describe('command lines', () => {
  const children = (): number => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;

  it('run two at a time, the others in turn, and equal ones once', async () => {
    const program = join(temporaryFolder(), 'program.mjs');
    writeFile(program, 'console.log(JSON.stringify([process.pid, process.argv.slice(2)]))');
    const own = process.argv[1]!;
    onTestFinished(() => void (process.argv[1] = own));
    process.argv[1] = program;
    const before = children();
    const workers = new Workers({ demo: true, json: false, logs: ['a', 'b'] });
    const asked = ['first', 'second', 'third', 'fourth', 'first'].map((name) => workers.run([name, '--json']));
    // none can have ended yet: that is told only once this test waits
    expect(children() - before).toBe(2);
    const answers = (await Promise.all(asked)).map((output) => JSON.parse(String(output)));
    expect(answers.map(([, args]) => args)).toEqual(
      ['first', 'second', 'third', 'fourth', 'first'].map((name) => [name, '--demo', '--logs=a', '--logs=b', '--json']),
    );
    expect(new Set(answers.map(([pid]) => pid)).size).toBe(4);
  });
});
/** One that goes with its test. */
async function serveForTest(): Promise<Served> {
  const served = await serve();
  onTestFinished(() => void served.child.kill('SIGKILL'));
  return served;
}

let shared: Served;
beforeAll(async () => {
  shared = await serve();
});
afterAll(() => shared.child.kill('SIGKILL'));

describe('serve', () => {
  it('answers as the command line does', async () => {
    const { address, home } = shared;
    const pairs: [string, string[]][] = [
      ['api/daily.json', ['daily', '--json']],
      ['api/daily.csv?last=7d', ['daily', '--format=csv', '--last=7d']],
      ['api/models.json?project=infra&project=shop-api', ['models', '--json', '--project=infra', '--project=shop-api']],
      ['api/weekly.json?breakdown=model', ['weekly', '--json', '--breakdown=model']],
      ['api/explain.json?what=2026-04-23', ['explain', '--json', '2026-04-23']],
      ['api/doctor.json?strict=true', ['doctor', '--json', '--strict']],
      ['?project=infra', ['dashboard', '-o', '-', '--project=infra']],
    ];
    for (const [path, args] of pairs) {
      const response = await fetch(address + path);
      expect([path, response.status, await response.text()]).toEqual([
        path,
        200,
        (await clawtrace([...args, '--demo'], { home })).stdout,
      ]);
    }
  });

  it('answers the paths of the systems before, where a report has their figures', async () => {
    const { address } = shared;
    const ask = async (path: string): Promise<any> => (await fetch(address + path)).json();
    const { old_paths } = await ask('api/');
    // asked at once, paths with the same answer are computed once
    await Promise.all(
      Object.keys(old_paths).map(async (path) => {
        expect((await fetch(address + path.slice(1))).status, path).toBe(200);
      }),
    );
    expect((await ask('api/usage/timeline?days=7')).rows).toHaveLength(5);
    expect(await ask('api/costs?range=7d')).not.toHaveProperty('error');
    expect(await ask('api/sessions?n=5')).not.toHaveProperty('error');
    expect((await ask('api/usage/by-model')).report).toBe('models');
    expect((await ask('api/usage/timeline?last=7d')).params.last_days).toBe(7);
    expect(await ask('health')).toMatchObject({ status: 'ok' });
  });

  it('says as JSON what is wrong with a request', async () => {
    const { address } = shared;
    const cases: [string, number, string][] = [
      ['api/dialy.json', 404, "Did you mean 'daily'?"],
      ['etc/passwd', 404, 'there is nothing at /etc/passwd'],
      ['api/daily.json?sicne=2026-01-01', 400, "unknown parameter 'sicne'. Did you mean 'since'?"],
      ['api/daily.json?since=2026-13-01', 400, '--since is not a day'],
      ['api/daily.json?logs=/etc/passwd', 400, "unknown parameter 'logs'"],
      ['api/daily.json?config=/etc/passwd', 400, "unknown parameter 'config'"],
      ['api/daily.json?__proto__=1', 400, "unknown parameter '__proto__'"],
      ['api/explain.json', 400, 'explain needs WHAT'],
      ['api/explain.json?what=--help', 200, ''],
      ['api/constructor.json', 404, 'there is nothing at'],
      ['?format=csv', 400, "unknown parameter 'format'"],
      ['api/what-if.json?model=nobody-1', 400, "there is no price of a model 'nobody-1'"],
    ];
    for (const [path, status, message] of cases) {
      const response = await fetch(address + path);
      const body = (await response.json()) as { error?: string };
      expect([path, response.status]).toEqual([path, status]);
      expect(body.error ?? '').toContain(message);
      expect(response.headers.get('access-control-allow-origin')).toBe(null);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('is called by its name alone on the port of http', () => {
    expect(hostsOf(80)).toEqual(['127.0.0.1:80', '127.0.0.1', 'localhost:80', 'localhost']);
    expect(hostsOf(19898)).toEqual(['127.0.0.1:19898', 'localhost:19898']);
  });

  it('answers no other site: another name, another origin, another method', async () => {
    const { address } = shared;
    const { host, port } = new URL(address);
    const health = `${address}api/health`;
    expect((await get(health, { host: `localhost:${port}` })).status).toBe(200);
    expect((await get(health, { host, origin: `http://${host}` })).status).toBe(200);
    const foreign: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: `evil.example:${port}` },
      { host: '127.0.0.1' },
      { host: '127.0.0.1:1' },
      { host, origin: 'http://evil.example' },
      { host, origin: 'null' },
      { host, origin: `https://${host}` },
      { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ];
    for (const headers of foreign) {
      const { status, body } = await get(health, headers);
      expect([headers, status]).toEqual([headers, 403]);
      expect(JSON.parse(body).error).toContain('this server answers to');
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await get(health, { host }, method)).status).toBe(405);
    }
    expect(await get(health, { host }, 'HEAD')).toEqual({ status: 200, body: '' });
  });

  it('holds 50 requests at once, and leaves nothing behind', async () => {
    const { address, temporary } = await serveForTest();
    const paths = ['', 'api/daily.json', 'api/models.csv', 'api/pace.json', 'api/health'];
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const response = await fetch(address + paths[index % paths.length]);
        return [response.status, paths[index % paths.length], await response.text()].join(' ');
      }),
    );
    expect(new Set(answers).size).toBe(paths.length);
    expect(answers.every((text) => text.startsWith('200 '))).toBe(true);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('ends on Ctrl-C and on SIGTERM, with work under way', async () => {
    for (const [signal, ending] of [
      ['SIGINT', 'SIGINT'],
      ['SIGTERM', 0],
    ] as const) {
      const { address, child, exited, stderr } = await serveForTest();
      const cut = fetch(address).catch(() => 'cut off');
      await fetch(`${address}api/health`);
      child.kill(signal);
      expect(await exited).toBe(ending);
      await cut;
      expect(stderr()).toBe(`Serving ${address} (Ctrl-C stops it)\n`);
    }
  });

  it('says in one line that a port cannot be had', async () => {
    const { address } = shared;
    const { port } = new URL(address);
    const taken = await clawtrace(['serve', '--demo', '--port', port]);
    expect(taken).toMatchObject({ code: 1, stdout: '' });
    expect(taken.stderr).toBe(`clawtrace: port ${port} is in use. Choose another with --port.\n`);
    const wrong = await clawtrace(['serve', '--port', '99999']);
    expect(wrong.stderr).toBe("clawtrace: --port must be a number up to 65535, not '99999'.\n");
  });

  it.skipIf(!browserPath)('serves a page that asks for nothing else', async () => {
    const { address } = shared;
    const browser = await openBrowser();
    const { page, complaints, requests } = await visit(browser, address);
    expect(await page.locator('[data-total="responses"]').getAttribute('data-exact')).toBe('520');
    await page.reload();
    expect(await page.locator('svg').count()).toBeGreaterThan(1);
    expect([complaints, requests]).toEqual([[], [address, address]]);
    await browser.close();
  });
});
