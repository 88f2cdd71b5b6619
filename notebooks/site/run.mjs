// Installs, exports, builds and serves the notebooks: npm run notebooks [-- OPTIONS].
import { buildSite, NOTEBOOKS, SITE } from './build.mjs';
import { writeExports } from './exports.mjs';
import { install } from './install.mjs';
import { serveSite } from './serve.mjs';

const HELP = `npm run notebooks -- [--port=N] [--build-only] [OPTIONS of clawtrace export]

Exports your usage, builds the notebooks, and serves them to this machine only.

  npm run notebooks
  npm run notebooks -- --demo
  npm run notebooks -- --last 90d --project shop-web --port 8000`;

const PORT = 19899;

/** Takes its own options off; the others are for the exports. */
function readArguments(args) {
  const options = [...args];
  const take = (name, hasValue) => {
    const at = options.findIndex((option) => option === name || (hasValue && option.startsWith(`${name}=`)));
    if (at < 0) return undefined;
    const [option, next] = options.splice(at, hasValue && options[at] === name ? 2 : 1);
    return option === name ? (hasValue ? (next ?? '') : true) : option.slice(name.length + 1);
  };
  const isBuildOnly = take('--build-only', false);
  const isHelp = take('--help', false);
  const port = take('--port', true) ?? String(PORT);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Error('--port takes a number up to 65535.');
  return { options, isBuildOnly, isHelp, port: Number(port) };
}

async function main() {
  const { options, isBuildOnly, isHelp, port } = readArguments(process.argv.slice(2));
  if (isHelp) return console.log(HELP);
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    interrupted.abort();
    process.exit(130);
  });
  install();
  console.error('Exporting.');
  await writeExports(options, interrupted.signal);
  console.error('Building.');
  await buildSite(options);
  if (isBuildOnly) return console.log(SITE);
  const { address } = await serveSite(SITE, port, `${NOTEBOOKS[0]}.html`);
  console.log(`${address}  Ctrl-C ends it.`);
}

main().catch((error) => {
  console.error(
    error.code === 'EADDRINUSE' ? `port ${error.port} is in use. Choose another with --port.` : error.message,
  );
  process.exit(1);
});
