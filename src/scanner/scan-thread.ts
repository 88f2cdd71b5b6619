import { parentPort, workerData } from 'node:worker_threads';
import { scanHere, type Scan } from './scan-logs.ts';

// A thread of a scan: see scan-logs.ts.
const port = parentPort!;
port.postMessage(await scanHere(workerData as Scan, (bytes) => port.postMessage(bytes)));
