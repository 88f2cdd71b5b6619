import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Values } from '../request/arguments.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { ClawtraceError } from '../errors.ts';
import { packageVersion } from '../package.ts';
import { readRoute, type Route } from './routes.ts';
import { Workers } from './workers.ts';

const HOST = '127.0.0.1';

export interface Server {
  readonly address: string;
  /** Accepts no more requests, and ends those in progress. */
  readonly stop: () => void;
  readonly stopped: Promise<unknown>;
}

/** Listens on this machine only. */
export async function startServer(port: number, settings: Values, catalog: Catalog): Promise<Server> {
  const workers = new Workers(settings);
  const server = createServer((request, response) => {
    void replyTo(request, catalog, workers).then((reply) => send(response, reply));
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
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

async function replyTo(request: IncomingMessage, catalog: Catalog, workers: Workers): Promise<Reply> {
  const refusal = refuse(request);
  if (refusal) return refusal;
  let route: Route;
  try {
    route = await readRoute(request.url ?? '/', catalog);
  } catch (error) {
    return failure(error instanceof ClawtraceError ? 400 : 500, (error as Error).message);
  }
  if (route.kind === 'unknown') return failure(404, route.message);
  if (route.kind === 'health') return json(200, { status: 'ok', version: packageVersion() });
  if (route.kind === 'list') return json(200, { reports: route.reports, old_paths: route.oldPaths });
  try {
    return { status: 200, type: route.type, body: await workers.run(route.args) };
  } catch (error) {
    return failure(error instanceof ClawtraceError ? 400 : 500, (error as Error).message);
  }
}

/** Names of this server. Clients leave out the default port of http. */
export const hostsOf = (port: number): string[] =>
  ['127.0.0.1', 'localhost'].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);

/** Other sites must not get at the figures through the user's browser, whatever name they give this address. */
function refuse({ method, headers, socket }: IncomingMessage): Reply | undefined {
  const own = hostsOf(socket.localPort!);
  const isOwnHost = own.includes(headers.host ?? '');
  const isOwnOrigin = headers.origin === undefined || own.some((name) => headers.origin === `http://${name}`);
  const isForeign = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
  if (!isOwnHost) return failure(403, `this server answers to ${own.join(' and ')} only.`);
  if (!isOwnOrigin || isForeign) return failure(403, 'this server answers to its own page only.');
  if (method !== 'GET' && method !== 'HEAD')
    return { ...failure(405, 'only GET and HEAD.'), headers: { allow: 'GET, HEAD' } };
  return undefined;
}

const json = (status: number, value: object): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(value)}\n`,
});

const failure = (status: number, error: string): Reply => json(status, { error });

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
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
