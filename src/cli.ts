#!/usr/bin/env node
import { main } from './main.ts';

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

// as a shell tells of a signal; what is left to remove goes as the process exits
for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => process.exit(code));
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
await main(process.argv.slice(2));
