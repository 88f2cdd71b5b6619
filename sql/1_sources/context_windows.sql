-- Context windows of models. One row per model and day on which it changed.
--
-- The most tokens that a model takes at list price, without asking for a beta. An agent may stop or
-- compact earlier.
--
-- @column model Model, as the price table names it.
-- @column effective_from First UTC day of this window; NULL if it was never different.
-- @column context_window Most tokens that a prompt and its answer may have together. {tokens}
-- @column source Source of the figure.
select model, effective_from, context_window, "source"
from read_csv(
    getvariable('context_window_file'),
    -- a folder may be called model=x
    hive_partitioning = false,
    delim = ',', quote = '"', escape = '"', header = true, auto_detect = false,
    -- the file is small: by default, it takes 32 MB
    max_line_size = 65536, buffer_size = 1048576,
    columns = {
        provider: 'varchar',
        model: 'varchar',
        effective_from: 'date',
        context_window: 'bigint',
        "source": 'varchar'
    }
)
