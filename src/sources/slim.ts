import { isObject } from '../files/json-object.ts';

/** What the views read of a log line, by source: everything else, the text of messages first, stays out. */
const FIELDS: Record<string, Fields> = {
  claude_code: {
    type: true,
    uuid: true,
    timestamp: true,
    sessionId: true,
    requestId: true,
    agentId: true,
    isSidechain: true,
    sessionKind: true,
    forkedFrom: true,
    cwd: true,
    gitBranch: true,
    costUSD: true,
    message: {
      id: true,
      model: true,
      usage: true,
      content: [{ type: true, id: true, name: true, tool_use_id: true, is_error: true }],
    },
  },
  openclaw: {
    type: true,
    id: true,
    sessionId: true,
    timestamp: true,
    cwd: true,
    provider: true,
    modelId: true,
    data: { provider: true, modelId: true },
    message: {
      role: true,
      provider: true,
      model: true,
      responseModel: true,
      timestamp: true,
      usage: true,
      toolCallId: true,
      isError: true,
      content: [{ type: true, id: true, name: true }],
    },
  },
};

/** True: the value as it is. A list: these fields of each object in a list, and of nothing else. */
interface Fields {
  readonly [name: string]: true | Fields | readonly [Fields];
}

/** A log line as DuckDB reads it: the fields of the views, in well-formed JSON. */
export function slimLine(source: string, record: object): string {
  return `${JSON.stringify(pick(record, FIELDS[source]!), wellFormed)}\n`;
}

function pick(record: object, fields: Fields): object {
  const picked: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(fields)) {
    const value = (record as Record<string, unknown>)[name];
    if (value === undefined) continue;
    if (isList(inner))
      picked[name] = Array.isArray(value) ? value.filter(isObject).map((item) => pick(item, inner[0])) : null;
    else picked[name] = inner !== true && isObject(value) ? pick(value, inner) : value;
  }
  return picked;
}

const isList = (fields: Fields[string]): fields is readonly [Fields] => Array.isArray(fields);

/** JSON.stringify would write half a pair as an escape, which a strict JSON parser rejects. */
function wellFormed(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value;
}
