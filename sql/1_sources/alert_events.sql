-- What was done about alerts, from clawtrace's own record. One row per event.
--
-- @column event ack: acknowledged; exec: the --exec command was run for it.
-- @column key Key of the alert.
-- @column severity Its severity at that time.
-- @column happened_at When it was done.
select event, key, severity, happened_at
from read_json(
    getvariable('alert_event_file'),
    format := 'newline_delimited',
    -- a folder may be called key=x
    hive_partitioning := false,
    -- its lines are short: by default, a buffer of 32 MB is filled
    maximum_object_size := 1048576,
    columns := {
        event: 'VARCHAR',
        key: 'VARCHAR',
        severity: 'VARCHAR',
        happened_at: 'TIMESTAMPTZ'
    },
    ignore_errors := true
)
where event is not null
