#!/usr/bin/env node
import { main } from './main.ts';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

// the exit code that shells use for a signal; temporary files are removed as the process exits
for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => process.exit(code));
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
await main(process.argv.slice(2));
