import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readCatalog } from '../src/catalog/catalog.ts';
import { hostsOf, startServer, type Server } from '../src/pages/server.ts';
import { BusyError, Workers } from '../src/pages/workers.ts';
import { browserPath, openBrowser, visit } from './browser.ts';
import { holdProgram, type HeldProgram } from './held-program.ts';
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
async function serve(program = CLI): Promise<Served> {
  const [home, temporary] = [temporaryFolder(), temporaryFolder()];
  const child = spawn(process.execPath, [program, 'serve', '--demo', '--port', '0'], {
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

/** Makes a program the one whose command lines are run. */
function runInstead(program: string): void {
  const own = process.argv[1]!;
  onTestFinished(() => void (process.argv[1] = own));
  process.argv[1] = program;
}

/** Makes command lines runs that do nothing until the test tells them to. */
async function holdCommands(answerToSigint: 'end' | 'stay' = 'end'): Promise<HeldProgram> {
  const program = await holdProgram(answerToSigint);
  runInstead(program.path);
  return program;
}

/** What a run was told before it ended. Windows has no signals: a run is simply ended. */
const TOLD = process.platform === 'win32' ? '' : 'SIGINT';

const children = (): number => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;

describe('command lines', () => {
  const stays = (): AbortSignal => new AbortController().signal;

  it('run two at a time, the others in turn, and equal ones once', async () => {
    const program = join(temporaryFolder(), 'program.mjs');
    writeFile(program, 'console.log(JSON.stringify([process.pid, process.argv.slice(2)]))');
    runInstead(program);
    const before = children();
    const workers = new Workers({ demo: true, json: false, logs: ['a', 'b'] });
    const asked = ['first', 'second', 'third', 'fourth', 'first'].map((name) => workers.run([name, '--json'], stays()));
    // none can have ended yet: that is told only once this test waits
    expect(children() - before).toBe(2);
    const answers = (await Promise.all(asked)).map((output) => JSON.parse(String(output)));
    expect(answers.map(([, args]) => args)).toEqual(
      ['first', 'second', 'third', 'fourth', 'first'].map((name) => [name, '--demo', '--logs=a', '--logs=b', '--json']),
    );
    expect(new Set(answers.map(([pid]) => pid)).size).toBe(4);
  });

  it('end when the last of those who asked has left, and are run anew for whoever asks then', async () => {
    const { nextRun } = await holdCommands();
    const workers = new Workers({});
    const [first, second] = [new AbortController(), new AbortController()];
    const cancelled = [first, second].map(({ signal }) => workers.run(['page'], signal));
    const run = await nextRun();
    first.abort();
    const before = children();
    const shared = workers.run(['page'], stays());
    second.abort();
    expect(children()).toBe(before);
    run.print('shared');
    expect((await Promise.all([...cancelled, shared])).map(String)).toEqual(['shared', 'shared', 'shared']);

    const last = new AbortController();
    const left = workers.run(['page'], last.signal);
    const ending = await nextRun();
    last.abort();
    const again = workers.run(['page'], stays());
    await expect(left).rejects.toThrow('the report was interrupted.');
    expect(await ending.ended).toBe(TOLD);
    (await nextRun()).print('again');
    expect(String(await again)).toBe('again');
  });

  it('keep their place until they have ended: asking and leaving again and again starts no more than two', async () => {
    const { nextRun } = await holdCommands();
    const workers = new Workers({});
    const before = children();
    for (let count = 0; count < 100; count += 1) {
      const reload = new AbortController();
      workers.run(['page', `${count}`], reload.signal).catch(() => undefined);
      reload.abort();
    }
    const asked = workers.run(['last'], stays());
    expect(children() - before).toBe(2);
    let run = await nextRun();
    while (run.args[0] !== 'last') run = await nextRun();
    run.print('answer');
    expect(String(await asked)).toBe('answer');
  });

  it('never start if nobody waits any more when their turn comes', async () => {
    const { nextRun } = await holdCommands();
    const workers = new Workers({});
    const leaves = new AbortController();
    const asked = ['first', 'second'].map((name) => workers.run([name], stays()));
    const runs = [await nextRun(), await nextRun()];
    const dropped = workers.run(['dropped'], leaves.signal);
    const waits = workers.run(['waits'], stays());
    leaves.abort();
    await expect(dropped).rejects.toThrow('aborted');
    await expect(workers.run(['late'], leaves.signal)).rejects.toThrow('aborted');
    runs[0]!.print('done');
    const next = await nextRun();
    expect(next.args).toEqual(['waits']);
    for (const run of [runs[1]!, next]) run.print('done');
    expect((await Promise.all([...asked, waits])).map(String)).toEqual(['done', 'done', 'done']);
  });

  it('wait 32 at most, not counting equal ones', async () => {
    await holdCommands();
    const workers = new Workers({});
    const leaves = new AbortController();
    const ask = (number: number, left: AbortSignal): Promise<unknown> =>
      workers.run([`${number}`], left).catch((error: Error) => error);
    const asked = Array.from({ length: 34 }, (_, number) => ask(number, number === 20 ? leaves.signal : stays()));
    expect(await ask(34, stays())).toBeInstanceOf(BusyError);
    asked.push(ask(33, stays()));
    leaves.abort();
    asked.push(ask(34, stays()));
    expect(await ask(35, stays())).toBeInstanceOf(BusyError);
    workers.stop();
    expect((await Promise.all(asked)).filter((error) => error instanceof BusyError)).toEqual([]);
  });

  it('are killed if they do not end on SIGINT', async () => {
    const { nextRun } = await holdCommands('stay');
    const workers = new Workers({});
    const asked = ['first', 'second', 'waits'].map((name) => workers.run([name], stays()));
    const runs = [await nextRun(), await nextRun()];
    workers.stop();
    await Promise.all(asked.map((output) => expect(output).rejects.toThrow()));
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([TOLD, TOLD]);
  });
});

/** One that goes with its test. */
async function serveForTest(program = CLI): Promise<Served> {
  const served = await serve(program);
  onTestFinished(() => void served.child.kill('SIGKILL'));
  return served;
}

/** One in this process, whose command lines a test can hold. */
async function serveHere(): Promise<Server> {
  const server = await startServer(0, {}, await readCatalog());
  onTestFinished(async () => {
    server.stop();
    await server.stopped;
  });
  return server;
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
      ['?project=%00', 400, "parameter 'project' has a control character in its value."],
      ['api/daily.json?project=a%1Bb', 400, "parameter 'project' has a control character"],
      ['api/explain.json?what=2026-04-23%0A', 400, "parameter 'what' has a control character"],
      ['api/usage/timeline?days=7%C2%85', 400, "parameter 'last' has a control character"],
      ['?%00=1', 400, "unknown parameter '\0'"],
      ['?format=csv', 400, "unknown parameter 'format'"],
      ['api/what-if.json?model=nobody-1', 400, "there is no price for a model 'nobody-1'"],
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
      ...['cross-site', 'same-site', 'new'].map((site) => ({ host, 'sec-fetch-site': site })),
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

  it('lets other sites link to the page, and do nothing else', async () => {
    const { address } = shared;
    const { host } = new URL(address);
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const typed = { ...link, 'sec-fetch-site': 'none' };
    const own = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
    const cases: [string, Record<string, string>, number][] = [
      ['', link, 200],
      ['?project=infra', link, 200],
      ['', { ...link, 'sec-fetch-site': 'same-site' }, 200],
      ['', { ...link, 'sec-fetch-dest': 'iframe' }, 403],
      ['', { ...link, 'sec-fetch-dest': 'object' }, 403],
      ['', { ...link, 'sec-fetch-dest': 'embed' }, 403],
      ['', { ...link, 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' }, 403],
      ['', { ...link, 'sec-fetch-mode': 'no-cors' }, 403],
      ['', { ...link, 'sec-purpose': 'prefetch;prerender' }, 403],
      ['', { ...own, 'sec-fetch-site': 'same-site' }, 403],
      ['api/daily.json', link, 403],
      ['api/health', link, 403],
      ['', typed, 200],
      ['api/daily.json', typed, 200],
      ['api/daily.json', own, 200],
      ['api/daily.json', {}, 200],
    ];
    for (const [path, headers, status] of cases) {
      const answer = await get(address + path, { host, ...headers }, 'HEAD');
      expect([path, headers, answer.status]).toEqual([path, headers, status]);
    }
  });

  it('computes nothing for HEAD', async () => {
    const { nextRun } = await holdCommands();
    const { address } = await serveHere();
    for (const path of ['', 'api/daily.json', 'api/models.csv']) {
      const answer = await fetch(address + path, { method: 'HEAD' });
      expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, null, '']);
    }
    expect((await fetch(`${address}?since=x`, { method: 'HEAD' })).status).toBe(400);
    const asked = fetch(`${address}?project=infra`);
    const run = await nextRun();
    expect(run.args).toEqual(['dashboard', '--output=-', '--project=infra']);
    run.print('<p>');
    expect(await (await asked).text()).toBe('<p>');
  });

  it('ends what it computes for a client that leaves', async () => {
    const { nextRun } = await holdCommands();
    const { address } = await serveHere();
    const client = new AbortController();
    const asked = fetch(address, { signal: client.signal });
    const run = await nextRun();
    client.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(await run.ended).toBe(TOLD);

    // two requests on one connection, the second while the first has no answer
    const { host, port } = new URL(address);
    const socket = connect(Number(port), '127.0.0.1');
    for (const name of ['a', 'b']) socket.write(`GET /?project=${name} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const runs = [await nextRun(), await nextRun()];
    socket.destroy();
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([TOLD, TOLD]);
  });

  it('says when to ask again, if too many wait', async () => {
    await holdCommands();
    const { address } = await serveHere();
    const clients = new AbortController();
    const asked = Array.from({ length: 35 }, (_, number) =>
      fetch(`${address}?project=${number}`, { signal: clients.signal }),
    );
    const refused = await Promise.race(asked);
    expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([
      503,
      '5',
      '{"error":"32 other requests are waiting already. Try again in 5 seconds."}\n',
    ]);
    clients.abort();
    expect((await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected')).toHaveLength(34);
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
      ['SIGINT', 130],
      ['SIGTERM', 0],
      ['SIGHUP', 129],
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

  it.skipIf(process.platform === 'win32')('leaves no process behind, even one that ignores SIGINT', async () => {
    const { path, nextRun } = await holdProgram('stay');
    const { address, child, exited } = await serveForTest(path);
    const cut = ['?project=a', '?project=b', '?project=c'].map((query) =>
      fetch(address + query).catch(() => 'cut off'),
    );
    const runs = [await nextRun(), await nextRun()];
    child.kill('SIGINT');
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual(['SIGINT', 'SIGINT']);
    expect(await exited).toBe(130);
    expect(await Promise.all(cut)).toEqual(['cut off', 'cut off', 'cut off']);
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

  it.skipIf(!browserPath)('lets a page of another site do nothing but open it by a link', async () => {
    const { nextRun } = await holdCommands();
    const { address } = await serveHere();
    const site = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(foreignPage(address));
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    onTestFinished(() => void site.close());
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const { port } = site.address() as AddressInfo;
    const tried = ['embed', 'fetch', 'iframe', 'img', 'object', 'script', '74'];
    // another name is another site, another port is the same site
    for (const host of ['localhost', '127.0.0.1']) {
      const page = await browser.newPage();
      const asked: string[] = [];
      const statuses = new Set<number>();
      page.on('request', (request) => asked.push(request.url()));
      page.on('response', (answer) => {
        if (answer.url().startsWith(address)) statuses.add(answer.status());
      });
      await page.goto(`http://${host}:${port}/`);
      await page.waitForFunction('done');
      expect(asked).toEqual(expect.arrayContaining(tried.map((name) => `${address}?project=${name}`)));
      expect([...statuses]).toEqual([403]);
      // anything computed for these would have started before this
      const clicked = page.click('a');
      const run = await nextRun();
      expect(run.args.at(-1)).toBe('--project=link');
      run.print('<title>page</title>');
      await clicked;
      await page.waitForFunction("document.title === 'page'");
      await page.close();
    }
  });
});

/** Tries an address in whatever way a page can, and moves an iframe from one to the next. */
const foreignPage = (address: string): string => `<!doctype html>
<iframe src="${address}?project=iframe"></iframe>
<object data="${address}?project=object"></object>
<embed src="${address}?project=embed">
<img src="${address}?project=img">
<script src="${address}?project=script"></script>
<iframe id="moving"></iframe>
<a href="${address}?project=link">link</a>
<script>
  let done = false;
  const frame = document.querySelector('#moving');
  const fetched = fetch('${address}?project=fetch', { mode: 'no-cors' }).catch(() => undefined);
  addEventListener('load', async () => {
    await fetched;
    for (let count = 0; count < 75; count += 1) {
      const loaded = new Promise((next) => (frame.onload = next));
      frame.src = '${address}?project=' + count;
      await loaded;
    }
    done = true;
  });
</script>
`;
