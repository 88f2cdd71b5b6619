import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../settings/folders.ts';
import { makePrivateFolder, PRIVATE } from '../files/private-files.ts';
import { readSmallFile } from '../files/regular-file.ts';

const LENGTH = 1000;

const historyFile = (): string => join(stateFolder(), 'query-history');

/** Statements of earlier prompts, the latest first. */
export function readHistory(): string[] {
  try {
    return readSmallFile(historyFile()).split('\n').filter(Boolean).reverse();
  } catch {
    return [];
  }
}

/** Saves them in a file that only its owner can read. A history that cannot be saved is not an error. */
export function writeHistory(latestFirst: readonly string[]): void {
  const lines = [...new Set(latestFirst)].slice(0, LENGTH).reverse();
  const beside = `${historyFile()}.${process.pid}`;
  try {
    makePrivateFolder(stateFolder());
    writeFileSync(beside, lines.map((line) => `${line}\n`).join(''), { mode: PRIVATE });
    renameSync(beside, historyFile());
  } catch {
    return;
  }
}
