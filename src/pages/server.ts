import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Values } from '../request/arguments.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { ClawtraceError } from '../errors.ts';
import { packageVersion } from '../package.ts';
import { isPage, readRoute } from './routes.ts';
import { BusyError, Workers } from './workers.ts';

const HOST = '127.0.0.1';
/** When to try again while too many requests wait. */
const RETRY_SECONDS = 5;

export interface Server {
  readonly address: string;
  /** Takes no more requests, and ends those under way: their processes are gone a moment later. */
  readonly stop: () => void;
  readonly stopped: Promise<unknown>;
}

/** Listens on this machine only. */
export async function startServer(port: number, settings: Values, catalog: Catalog): Promise<Server> {
  const workers = new Workers(settings);
  const server = createServer((request, response) => {
    const left = new AbortController();
    // nothing reads the body, so that this comes with the answer or when the client leaves, even if it pipelines
    request.once('close', () => left.abort());
    void replyTo(request, catalog, workers, left.signal).then((reply) => send(response, reply));
  });
  server.listen(port, HOST);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new ClawtraceError(
      error.code === 'EADDRINUSE'
        ? `port ${port} is in use. Choose another with --port.`
        : `port ${port} cannot be used: ${error.message}.`,
    );
  });
  const stop = (): void => {
    server.close();
    workers.stop();
    server.closeAllConnections();
  };
  return {
    address: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    stop,
    stopped: once(server, 'close'),
  };
}

interface Reply {
  readonly status: number;
  readonly type: string;
  /** Left out for HEAD, if the report would have to run to tell its length. */
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

async function replyTo(
  request: IncomingMessage,
  catalog: Catalog,
  workers: Workers,
  left: AbortSignal,
): Promise<Reply> {
  try {
    return refuse(request) ?? (await answerTo(request, catalog, workers, left));
  } catch (error) {
    return failureOf(error as Error);
  }
}

async function answerTo(
  { method, url = '/' }: IncomingMessage,
  catalog: Catalog,
  workers: Workers,
  left: AbortSignal,
): Promise<Reply> {
  const route = await readRoute(url, catalog);
  if (route.kind === 'unknown') return failure(404, route.message);
  if (route.kind === 'health') return json(200, { status: 'ok', version: packageVersion() });
  if (route.kind === 'list') return json(200, { reports: route.reports, old_paths: route.oldPaths });
  if (method === 'HEAD') return { status: 200, type: route.type };
  return { status: 200, type: route.type, body: await workers.run(route.args, left) };
}

/** Names of this server. Clients leave out the default port of http. */
export const hostsOf = (port: number): string[] =>
  ['127.0.0.1', 'localhost'].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);

/** Other sites must not get at the figures through the user's browser, whatever name they give this address. */
function refuse(request: IncomingMessage): Reply | undefined {
  const { method, headers, socket } = request;
  const own = hostsOf(socket.localPort!);
  const isOwnHost = own.includes(headers.host ?? '');
  const isOwnOrigin = headers.origin === undefined || own.some((name) => headers.origin === `http://${name}`);
  if (!isOwnHost) return failure(403, `this server answers to ${own.join(' and ')} only.`);
  if (!isOwnOrigin || (isFromElsewhere(request) && !isLinkToPage(request)))
    return failure(403, 'this server answers to its own page only. Other sites may link to /, and nothing else.');
  if (method !== 'GET' && method !== 'HEAD')
    return { ...failure(405, 'only GET and HEAD.'), headers: { allow: 'GET, HEAD' } };
  return undefined;
}

/** Another port on this machine counts as another site. Clients that are not browsers send no such header. */
const isFromElsewhere = ({ headers }: IncomingMessage): boolean =>
  ![undefined, 'none', 'same-origin'].includes(headers['sec-fetch-site'] as string | undefined);

/** What the user sees open. With an iframe, an image or a prefetch, a site could start computations unseen. */
const isLinkToPage = ({ headers, url = '' }: IncomingMessage): boolean =>
  isPage(url) &&
  headers['sec-fetch-mode'] === 'navigate' &&
  headers['sec-fetch-dest'] === 'document' &&
  headers['sec-purpose'] === undefined;

const json = (status: number, value: object): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(value)}\n`,
});

const failure = (status: number, error: string): Reply => json(status, { error });

function failureOf(error: Error): Reply {
  if (error instanceof BusyError)
    return {
      ...failure(503, `${error.message} Try again in ${RETRY_SECONDS} seconds.`),
      headers: { 'retry-after': `${RETRY_SECONDS}` },
    };
  return failure(error instanceof ClawtraceError ? 400 : 500, error.message);
}

const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

function send(response: ServerResponse, { status, type, body, headers = {} }: Reply): void {
  response.writeHead(status, {
    ...SAFE_HEADERS,
    ...headers,
    'content-type': type,
    ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(body);
}
