-- The log lines of every source, as its own file reads them. One row per log line.
from claude_code
union all by name
from openclaw
