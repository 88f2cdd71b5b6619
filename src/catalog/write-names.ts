import { writeFileSync } from 'node:fs';
import { readCatalog } from './catalog.ts';
import { hashOf, NAMES_FILE } from './names.ts';

// A step of the build: asks DuckDB's parser what the SQL of the package names, so that no command has to.
const { views, reports } = await readCatalog();
const files = [...views, ...(await reports()).flatMap((report) => [report, ...report.parts])];
writeFileSync(NAMES_FILE, JSON.stringify(Object.fromEntries(files.map(({ sql, names }) => [hashOf(sql), names]))));
