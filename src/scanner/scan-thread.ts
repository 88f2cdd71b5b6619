import { parentPort, workerData } from 'node:worker_threads';
import { scanHere, type Scan } from './scan-logs.ts';

// A thread of a scan: see scan-logs.ts.
parentPort!.postMessage(await scanHere(workerData as Scan));
