import { readFileSync } from 'node:fs';

const STDLIB = /\/notebook-kit\/dist\/src\/runtime\/stdlib\/([^/]+)$/;
const ELSEWHERE = /import\("(?:https:\/\/[^"]+|\.\/(?:zip|xlsx)\.js)"\)/g;
const ABSENT = "Promise.reject(new Error('This reads Parquet: import readParquet from ./shared/parquet.ts.'))";

/** What Notebook Kit would load from a CDN while a page is open, from node_modules instead; the rest is left out. */
const INSTEAD = {
  'recommendedLibraries.js': () => `
    export const Plot = () => import('@observablehq/plot');
    export const Inputs = () => import('@observablehq/inputs');
    export const d3 = () => import('d3');
    export const htl = () => import('htl');
    export const html = () => import('htl').then(({ html }) => html);
    export const svg = () => import('htl').then(({ svg }) => svg);
  `,
  'sampleDatasets.js': () => '',
  'fileAttachment.js': (code) => code.replace(ELSEWHERE, ABSENT).replace(/"https:\/\/[^"]+"/g, '""'),
};

/** A plugin of vite. */
export const vendor = () => ({
  name: 'clawtrace-vendor',
  enforce: 'pre',
  load(id) {
    const file = id.split('?')[0];
    const instead = INSTEAD[STDLIB.exec(file.replaceAll('\\', '/'))?.[1]];
    return instead ? instead(readFileSync(file, 'utf8')) : undefined;
  },
});
