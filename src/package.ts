import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file or folder of the package. src/ and dist/ are equally deep, so this holds in both. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(`../${relative}`, import.meta.url));
}

export function packageVersion(): string {
  return JSON.parse(readFileSync(packagePath('package.json'), 'utf8')).version as string;
}
