import { join } from 'node:path';
import { baseFolder } from '../files/home.ts';

/** The folder of the user's config, prices and reports. */
export function configFolder(): string {
  return join(baseFolder(process.env.XDG_CONFIG_HOME, '.config'), 'clawtrace');
}

/** The folder of what clawtrace keeps. */
export function dataFolder(): string {
  return join(baseFolder(process.env.XDG_DATA_HOME, '.local', 'share'), 'clawtrace');
}

export const ownPriceFile = (): string => join(configFolder(), 'prices.csv');
export const ownReportsFolder = (): string => join(configFolder(), 'reports');

/** The folder of what is remembered between runs, and could be lost. */
export function stateFolder(): string {
  return join(baseFolder(process.env.XDG_STATE_HOME, '.local', 'state'), 'clawtrace');
}
