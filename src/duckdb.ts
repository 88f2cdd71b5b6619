// One static import, so that a lazy import of this file gets named exports from the bundle:
// a lazy import of the CommonJS package itself would only have .default.
export { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
