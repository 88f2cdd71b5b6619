import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';

const HOST = '127.0.0.1';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.parquet': 'application/vnd.apache.parquet',
  '.woff2': 'font/woff2',
};

/** Pages can reach only this server, whatever is in them. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Serves a folder to this machine only. */
export async function serveSite(folder, port, home) {
  const server = createServer((request, response) => answer(folder, home, request, response));
  server.listen(port, HOST);
  await once(server, 'listening');
  return { address: `http://${HOST}:${server.address().port}/`, stop: () => server.close().closeAllConnections() };
}

function answer(folder, home, { method, url, headers, socket }, response) {
  const end = (status, more = {}) => response.writeHead(status, { ...HEADERS, ...more }).end();
  // requests under a name that another site gave this address are refused
  if (!['127.0.0.1', 'localhost'].some((name) => headers.host === `${name}:${socket.localPort}`)) return end(403);
  if (method !== 'GET' && method !== 'HEAD') return end(405, { allow: 'GET, HEAD' });
  const path = pathOf(url);
  if (path === '/') return end(302, { location: `/${home}` });
  if (path === '/favicon.ico') return end(204);
  const file = path && join(folder, path);
  const type = file && TYPES[extname(file)];
  if (!type || !file.startsWith(join(folder, sep)) || !isFile(file)) return end(404);
  response.writeHead(200, { ...HEADERS, 'content-type': type });
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function pathOf(url) {
  try {
    return decodeURIComponent(new URL(url, 'http://x').pathname);
  } catch {
    return undefined;
  }
}

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
