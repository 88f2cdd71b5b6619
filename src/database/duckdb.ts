// One static import, so that a lazy import of this file gets named exports from the bundle:
// a lazy import of the CommonJS package itself would only have .default.
export { default as bindings, type Vector } from '@duckdb/node-bindings';
export {
  DuckDBEnumType,
  DuckDBInstance,
  DuckDBTypeId,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
