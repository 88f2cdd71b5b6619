import { readCatalog } from '../catalog/catalog.ts';
import { namesFrom, neededViews } from '../catalog/reads.ts';
import { DuckDBInstance } from '../database/duckdb.ts';
import { emptyTable } from '../database/records.ts';
import { variableStatements } from '../database/variables.ts';
import { FACT_TABLES } from '../facts/facts.ts';
import { readRequest } from '../request/request.ts';
import { registeredVariables } from './register.ts';
import { shippedFile } from './shipped.ts';
import { NO_PRICES } from './side-files.ts';
import { createStatement, isFilledLater } from './views.ts';

// A step of the build: the database that every session opens.
const catalog = await readCatalog();
const request = readRequest({ demo: true }, catalog);
const instance = await DuckDBInstance.create(shippedFile(catalog.views));
const connection = await instance.connect();
const variables = {
  ...registeredVariables(request, [], false, false),
  own_price_file: [NO_PRICES, 'varchar'] as const,
};
await connection.run(
  [
    "set TimeZone = 'UTC'",
    ...variableStatements(variables),
    ...Object.entries(FACT_TABLES).map(([table, columns]) => emptyTable(table, columns)),
    ...neededViews(catalog.views, namesFrom(catalog.views)).map(
      (view) => `${createStatement(view)}${isFilledLater(view, catalog.views) ? '\nwith no data' : ''}`,
    ),
  ].join(';\n'),
);
connection.closeSync();
instance.closeSync();
