import { afterAll } from 'vitest';
import { cleanUp } from './helpers.ts';

// for each file of tests; they share a process, and with it the modules
afterAll(cleanUp);
