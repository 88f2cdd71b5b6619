-- Context windows of models. One row per model and day it changed.
--
-- The most tokens that a model takes at list price, without asking for a beta. An agent may stop or
-- compact earlier.
--
-- @column model Model, as the price table names it.
-- @column effective_from First UTC day of it; NULL when it never was another.
-- @column context_window How many tokens a prompt and its answer may have. {tokens}
-- @column source Where it was read.
select model, effective_from, context_window, "source"
from read_csv(
    getvariable('context_window_file'),
    -- a folder may be called model=x
    hive_partitioning = false,
    delim = ',', quote = '"', escape = '"', header = true, auto_detect = false,
    columns = {
        provider: 'varchar',
        model: 'varchar',
        effective_from: 'date',
        context_window: 'bigint',
        "source": 'varchar'
    }
)
