import { findDamage } from '../archive/parts.ts';
import type { Fact } from './fact.ts';

/** Whether each part of the archives is as it was written, read to the last byte. */
export const partChecks: Fact = {
  tables: { part_checks: { part: 'varchar', problem: 'varchar' } },
  find: ({ archives }) => ({ part_checks: archives.flatMap(findDamage) }),
};
